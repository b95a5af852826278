"""Mail to those who sign in. A sandbox without a mail server keeps it for its own mailbox page."""

import smtplib
from email.message import EmailMessage

from myna_backend.backend import Backend
from myna_backend.evidence.modes import Mode
from myna_backend.store.tables import SandboxMail

_TIMEOUT = 10


class MailError(RuntimeError):
    """The letter cannot be sent."""


def send(backend: Backend, address: str, subject: str, text: str) -> None:
    """Raises `MailError`."""
    server = backend.settings.smtp
    if server is None:
        if backend.settings.mode is not Mode.SANDBOX:
            raise MailError("no mail server is set (`[smtp]`)")
        with backend.store.writing() as session:
            session.add(SandboxMail(address=address, text=text, sent_at=backend.clock()))
        return
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, address, subject
    message.set_content(text)
    try:
        with smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT) as connection:
            if server.starttls:
                connection.starttls()
            connection.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(type(error).__name__) from None
