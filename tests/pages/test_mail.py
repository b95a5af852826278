"""The one-time code travels through a real mail server; one that is gone is told, and nobody is signed in."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from myna_backend.settings import Smtp
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import Client
from tests.parts import free_port


class Mailbox:
    """Keeps what it is handed."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller.port
    controller.stop()


def use_mail_server(pages: Pages, port: int) -> None:
    """The settings of a running server are frozen; the application's own record is replaced instead."""
    backend = pages.server.backend
    mail = Smtp(host="127.0.0.1", sender="noreply@example.jp", port=port, starttls=False)
    object.__setattr__(backend, "settings", replace(backend.settings, smtp=mail))


def test_the_code_comes_by_mail_and_nowhere_else(pages: Pages, mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    use_mail_server(pages, port)
    client = Client(pages.server)
    assert client.post("/web/signin", {"login": "manager", "password": PASSWORD}).status_code == 303
    (letter,) = box.letters
    assert letter.rcpt_tos == ["manager@example.jp"]
    assert isinstance(letter.content, bytes)
    body = message_from_bytes(letter.content, policy=policy.default).get_content()
    code = re.search(r"[0-9]{6}", body)
    assert code is not None
    assert code[0] not in client.get("/admin/mail").text
    assert client.post("/web/code", {"code": code[0]}).headers["Location"] == "/web"
    assert client.get("/web").status_code == 200


def test_a_mail_server_that_is_gone_is_told_and_signs_nobody_in(pages: Pages) -> None:
    use_mail_server(pages, free_port())
    client = Client(pages.server)
    answer = client.post("/web/signin", {"login": "manager", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get("/web").headers["Location"] == "/web/signin"
