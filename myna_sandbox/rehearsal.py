"""A problem on demand, for trainees: the next visit ends in it after its card was read, whatever the card says."""

from typing import Any
from uuid import UUID

from myna_app.api.answers import FaceCheck, VisitAnswer
from myna_app.api.client import BackendClient
from myna_app.errors import AppError, Problem


class Rehearsal:
    """What is to happen next; each problem once."""

    def __init__(self) -> None:
        self.problem: Problem | None = None

    def take(self) -> Problem | None:
        taken, self.problem = self.problem, None
        return taken


class RehearsedClient(BackendClient):
    """The real client, but for a visit that was ordered to fail."""

    def __init__(self, rehearsal: Rehearsal, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._rehearsal = rehearsal

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        problem = self._rehearsal.take()
        if problem is not None:
            raise AppError(problem, "practice")
        return super().visit(challenge_id, certificate, signature, face_check)
