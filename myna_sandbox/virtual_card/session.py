"""The security state of a card: what is current, what has been verified, and until when.

Kept over a warm reset, cleared by power-off. Selecting another application clears what was verified in the one that is
left; selecting the same one again does not. Any selection of an application ends secure messaging.
"""

from dataclasses import dataclass, field

from myna_sandbox.virtual_card import secure_messaging
from myna_sandbox.virtual_card.files import Access, Application, File
from myna_sandbox.virtual_card.status import SW, RefusedError

CURRENT = 0
"""The short file id that means "the current file"."""
NO_SHORT_ID = 0x1F


@dataclass(slots=True)
class SecurityState:
    """`application` is None at the card-manager level, which has no files."""

    application: Application | None = None
    file_id: int | None = None
    record: int | None = None
    verified: set[int] = field(default_factory=set)
    secure: secure_messaging.Session | None = None
    terminal_certificate: bool = False
    """The first block of a terminal's certificate has come."""

    def enter(self, application: Application | None) -> None:
        if application is not self.application:
            self.verified.clear()
        self.application = application
        self.file_id = self.record = self.secure = None
        self.terminal_certificate = False

    def select(self, file_id: int) -> File:
        """Make a file of the application current. `RefusedError` 6A82."""
        if self.application is None or file_id not in self.application.files:
            raise RefusedError(SW.NOT_FOUND)
        if file_id != self.file_id:
            self.record = None
        self.file_id = file_id
        return self.application.files[file_id]

    def file(self, short_id: int) -> tuple[int, File]:
        """The file a short id means; it becomes the current one. `RefusedError` 6986, 6A82, 6A86."""
        if short_id == NO_SHORT_ID:
            raise RefusedError(SW.WRONG_PARAMETERS)
        if short_id != CURRENT:
            return short_id, self.select(short_id)
        if self.application is None or self.file_id is None:
            raise RefusedError(SW.NO_CURRENT_FILE)
        return self.file_id, self.application.files[self.file_id]

    def demand(self, access: Access) -> None:
        """`RefusedError` 6982 unless one of the references in `access` has been verified."""
        if access is not None and not access & self.verified:
            raise RefusedError(SW.NOT_ALLOWED)
