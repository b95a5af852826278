"""The backend over HTTPS (`docs/contract.md`): the one module that imports requests."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from myna_app.api.answers import (
    Challenge,
    FaceCheck,
    Health,
    Registration,
    RegistrationRequest,
    TerminalStatus,
    Terms,
    VisitAnswer,
)
from myna_app.formats.eligibility import Eligibility

AssertionProvider = Callable[[str, datetime], str]
"""(issuer, now) -> client assertion (RFC 7523) of the registered device key."""


class BackendClient:
    """One backend, reached in one way; safe to be used by several workers at once.

    Every call raises `RefusalError` for a problem document and `ApiError` when no usable answer came.
    """

    def __init__(
        self,
        base_url: str,
        assertion: AssertionProvider,
        *,
        ca_file: Path | None = None,
        proxy: str | None = None,
    ) -> None:
        raise NotImplementedError

    def now(self) -> datetime:
        """This PC's time plus the offset of the last verified answer, UTC."""
        raise NotImplementedError

    def health(self) -> Health:
        raise NotImplementedError

    def terms(self) -> Terms:
        raise NotImplementedError

    def register(self, request: RegistrationRequest) -> Registration:
        raise NotImplementedError

    def me(self) -> TerminalStatus:
        raise NotImplementedError

    def agree_to_terms(self, version: str) -> None:
        raise NotImplementedError

    def reauthenticate(self, password: str) -> None:
        raise NotImplementedError

    def release(self) -> None:
        raise NotImplementedError

    def challenge(self) -> Challenge:
        raise NotImplementedError

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        raise NotImplementedError

    def prove(self, visit_id: UUID, birth_date_record: bytes, issuer_certificate: bytes) -> Eligibility:
        raise NotImplementedError

    def report_refusal(self, visit_id: UUID, status_word: int, tries_left: int | None) -> None:
        """Tell that the card refused the birth-date key, so that it is never released again."""
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError
