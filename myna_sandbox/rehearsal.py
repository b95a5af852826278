"""A problem on demand, for trainees: the next visit ends in it after its card was read, whatever the card says."""

from typing import Any
from uuid import UUID

from myna_app.api.answers import FaceCheck, VisitAnswer
from myna_app.api.client import BackendClient
from myna_app.errors import AppError, Problem
from myna_sandbox.virtual_reader import VirtualReader


class Rehearsal:
    """What is to happen next; each problem once."""

    def __init__(self, reader: VirtualReader) -> None:
        self._reader = reader
        self.problem: Problem | None = None

    def strike(self) -> None:
        """Raises `AppError` when a problem was ordered."""
        problem, self.problem = self.problem, None
        if problem is Problem.READER_IN_USE:
            self._reader.keep()  # else the screen, which looks whether that is over, would leave at once
        if problem is not None:
            raise AppError(problem, "practice")


class RehearsedClient(BackendClient):
    """The real client, but for a visit that was ordered to fail."""

    def __init__(self, rehearsal: Rehearsal, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._rehearsal = rehearsal

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        self._rehearsal.strike()
        return super().visit(challenge_id, certificate, signature, face_check)
