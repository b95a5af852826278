"""Strict decoding of the backend's answers (`docs/contract.md` §3, §4). Imported with the first answer, not before.

A member that is missing, null, of another type or out of bounds breaks the contract; an unknown one is ignored.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Discriminator, Tag, TypeAdapter, ValidationError

from myna_app.api.answers import (
    AccessToken,
    AskBirthDate,
    Challenge,
    Done,
    Health,
    PhotographConfirmed,
    Prove,
    Refused,
    Registration,
    TerminalStatus,
    VisitAnswer,
)
from myna_app.api.refusals import contract_broken
from myna_app.formats.bounds import Text
from myna_app.formats.eligibility import Eligibility, NoticeCode, Verdict
from myna_app.formats.terms import Terms

T = TypeVar("T")

_RESULTS: Mapping[int | None, range] = {
    Verdict.VALID: range(1, 2),
    Verdict.INVALID: range(2),
    Verdict.SUPERSEDED: range(1, 2),
    Verdict.NOT_FOUND: range(1),
    Verdict.MULTIPLE: range(2, 1000),
    Verdict.VALID_UNREGISTERED: range(1, 2),
    None: range(1),
}
"""How many results come with a verdict. A verdict that does not stand here is kept, and never shown as valid."""
_NOTICES = frozenset(NoticeCode)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a time without zone")
    return moment


def _consistent(answer: Eligibility) -> Eligibility:
    """The answer without notices this version does not know. Raises `ValueError` when its parts contradict each other:
    nothing may be shown then."""
    _aware(answer.confirmed_at)
    if not (answer.identity_confirmed and answer.card_proven):
        raise ValueError("not confirmed")
    expected = _RESULTS.get(answer.verdict)
    if expected is not None and len(answer.results) not in expected:
        raise ValueError("number of results")
    if answer.superseded is not None and answer.verdict != Verdict.SUPERSEDED:
        raise ValueError("superseded without its verdict")
    return replace(answer, notices=tuple(notice for notice in answer.notices if notice.code in _NOTICES))


@dataclass(frozen=True, slots=True)
class Proved:
    """Answer of a proof."""

    eligibility: Eligibility


Complete = TypeVar("Complete", Done, Proved)


CodeText = Annotated[str, Text(64, pattern="^[a-z][a-z0-9_]*$")]


@dataclass(frozen=True, slots=True)
class _CodeAlone:
    code: CodeText


@dataclass(frozen=True, slots=True)
class ProblemDocument:
    """RFC 9457 with the contract's members. Only `code` is needed; it decides."""

    code: CodeText
    fields: dict[str, str] | None = None
    contact: Annotated[str, Text(200)] | None = None
    retry_after: int | None = None
    service_starts_on: date | None = None
    ends_at: datetime | None = None
    server_time: datetime | None = None
    required_terms_version: Annotated[str, Text(32)] | None = None


def _checked(answer: Complete) -> Complete:
    return replace(answer, eligibility=_consistent(answer.eligibility))


def _of_challenge(challenge: Challenge) -> Challenge:
    _aware(challenge.expires_at)
    return challenge


def _confirmed(answer: PhotographConfirmed) -> PhotographConfirmed:
    if not answer.confirmed:
        raise ValueError("not confirmed")
    return answer


def _next(answer: Any) -> Any:
    return answer.get("next") if isinstance(answer, dict) else None


_VISIT = Annotated[
    Annotated[Done, AfterValidator(_checked), Tag("done")]
    | Annotated[Prove, Tag("prove")]
    | Annotated[AskBirthDate, Tag("ask_birth_date")]
    | Annotated[Refused, Tag("refused")],
    Discriminator(_next),
]

HEALTH = TypeAdapter(Health)
TERMS = TypeAdapter(Terms)
REGISTRATION = TypeAdapter(Registration)
TOKEN = TypeAdapter(AccessToken)
TERMINAL = TypeAdapter(TerminalStatus)
CHALLENGE: TypeAdapter[Challenge] = TypeAdapter(Annotated[Challenge, AfterValidator(_of_challenge)])
VISIT: TypeAdapter[VisitAnswer] = TypeAdapter(_VISIT)
PROOF: TypeAdapter[Proved] = TypeAdapter(Annotated[Proved, AfterValidator(_checked)])
PHOTOGRAPH: TypeAdapter[PhotographConfirmed] = TypeAdapter(Annotated[PhotographConfirmed, AfterValidator(_confirmed)])
PROBLEM = TypeAdapter(ProblemDocument)
CODE = TypeAdapter(_CodeAlone)


def decode(shape: TypeAdapter[T], body: bytes) -> T:
    """What `body` (JSON) says. Raises `ApiError` CONTRACT_BROKEN, which names members and faults but no values."""
    try:
        return shape.validate_json(body, strict=True)
    except ValidationError as error:
        faults = sorted(
            {f"{'.'.join(map(str, one['loc']))} {one['type']}" for one in error.errors(include_input=False)}
        )
        raise contract_broken("; ".join(faults)[:300]) from None


def read_problem(body: bytes) -> ProblemDocument | None:
    """The problem document in `body`; None when it is none. With a member that cannot be used, its `code` alone."""
    with suppress(ValidationError):
        return PROBLEM.validate_json(body, strict=True)
    with suppress(ValidationError):
        return ProblemDocument(CODE.validate_json(body, strict=True).code)
    return None
