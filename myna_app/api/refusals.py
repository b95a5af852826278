"""What each refusal of the contract (`docs/contract.md` §2) is told as: the one table from code to problem."""

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from myna_app.errors import ApiError, Problem, RefusalError

if TYPE_CHECKING:
    from myna_app.api.models import ProblemDocument

PROBLEMS = MappingProxyType(
    {
        code: problem
        for problem, codes in {
            Problem.CONTRACT_BROKEN: (
                "fields", "body_too_large", "media_type", "not_found", "method", "possession", "assertion",
                "assertion_replayed", "token", "terms_version", "terms_required", "password",
            ),
            Problem.CREDENTIALS_WRONG: ("credentials",),
            Problem.ACTIVATION_CODE_WRONG: ("activation_code",),
            Problem.ACCOUNT_ELSEWHERE: ("account_elsewhere",),
            Problem.ACCOUNT_STOPPED: ("account_stopped",),
            Problem.ACCOUNT_ENDED: ("account_ended",),
            Problem.CLOCK_OFF: ("assertion_clock",),
            Problem.TERMINAL_UNKNOWN: ("terminal_unknown",),
            Problem.NOT_STARTED: ("not_started",),
            Problem.UPDATE_REQUIRED: ("update_required",),
            Problem.VISIT_EXPIRED: (
                "challenge_unknown", "challenge_expired", "challenge_spent", "visit_closed", "face_check_stale",
            ),
            Problem.CERTIFICATE_UNUSABLE: (
                "certificate_issuer_unknown", "certificate_purpose", "certificate_revoked",
            ),
            Problem.CERTIFICATE_EXPIRED: ("certificate_expired",),
            Problem.CERTIFICATE_NOT_YET_VALID: ("certificate_not_yet_valid",),
            Problem.CARD_NOT_PROVEN: (
                "certificate_malformed", "record_malformed", "issuer_certificate", "issuer_unknown",
                "record_signature", "card_signature",
            ),
            Problem.BIRTH_DATE_REFUSED: ("birth_date_mismatch",),
            Problem.CARD_KEY_CHANGED: ("card_key_changed",),
            Problem.RATE_LIMITED: ("rate_limited", "birth_date_keys_limited"),
            Problem.BACKEND_FAULT: ("internal", "store_unavailable"),
            Problem.MAINTENANCE: ("maintenance",),
        }.items()
        for code in codes
    }
)  # fmt: skip
"""`terms_version`, `terms_required`, `password` and `fields` are first answered by the journey itself (consent again, a
word beside the field); what stands here is told when they come where they make no sense."""

_BY_STATUS = MappingProxyType({426: "update_required", 429: "rate_limited"})
_BY_STATUS_OF_DOCUMENT = MappingProxyType({**_BY_STATUS, 403: "account_stopped", 410: "account_ended"})
"""What an answer with a code this version does not know is taken for. Without a problem document a 403 is not the
backend's word: filters and portals between here and there answer so."""
_FIRST_SERVER_FAULT = 500


def contract_broken(detail: str) -> ApiError:
    """The error for an answer of the wrong form; `detail` names what, never a value."""
    return ApiError(Problem.CONTRACT_BROKEN, detail)


def refusal(status: int, document: "ProblemDocument | None", now: datetime) -> ApiError:
    """The error for an answer that is no success. `now`: this PC's own time, to tell how far it is off."""
    if document is None:
        return RefusalError(PROBLEMS[_meant(status, None)], "without document", status)
    facts: dict[str, str | int] = {}
    if document.retry_after is not None:
        facts["seconds"] = document.retry_after
    if document.service_starts_on is not None:
        facts["service_starts_on"] = document.service_starts_on.isoformat()
    if document.ends_at is not None:
        facts["ends_at"] = document.ends_at.isoformat()
    if document.server_time is not None and document.server_time.tzinfo is not None:
        facts["minutes"] = minutes_off((now - document.server_time.astimezone(UTC)).total_seconds())
    if document.required_terms_version is not None:
        facts["required_terms_version"] = document.required_terms_version
    return RefusalError(
        PROBLEMS[_meant(status, document)],
        document.code,
        status,
        fields=document.fields,
        contact=document.contact,
        retry_after=document.retry_after,
        **facts,
    )


def minutes_off(seconds: float) -> int:
    """Whole minutes, at least one, of a clock that is `seconds` off."""
    return max(1, round(abs(seconds) / 60))


def _meant(status: int, document: "ProblemDocument | None") -> str:
    """The known code that stands for this answer."""
    if document is not None and document.code in PROBLEMS:
        return document.code
    if status >= _FIRST_SERVER_FAULT:
        return "internal"
    return (_BY_STATUS if document is None else _BY_STATUS_OF_DOCUMENT).get(status, "not_found")
