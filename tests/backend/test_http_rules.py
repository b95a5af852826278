"""Ground rules that hold for every call."""

import re
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest

from tests.backend.issuing import Holder
from tests.backend.running import Server, Terminal

HOLDER = Holder()


def test_every_answer_carries_request_id_date_and_no_store(server: Server) -> None:
    answers = [server.call("GET", path) for path in ("/v1/health", "/v1/nothing", "/v1/terminals/me")]
    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == len(answers)
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Date"].endswith(" GMT")


def test_a_fault_of_the_server_still_carries_a_request_id(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("with a visitor's name in it")

    monkeypatch.setattr("myna_backend.terminals.describe", broken)
    terminal = server.terminal()
    answer = terminal.call("GET", "/v1/terminals/me")
    assert answer.code == "internal"
    assert answer.headers["X-Request-ID"]


def test_a_fault_is_logged_without_its_message(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = "架空　一郎"

    def broken(*_: object) -> None:
        raise RuntimeError(name)

    monkeypatch.setattr("myna_backend.terminals.describe", broken)
    terminal = server.terminal()
    with caplog.at_level("INFO"):
        terminal.call("GET", "/v1/terminals/me")
    assert "RuntimeError" in caplog.text
    assert "架空" not in caplog.text


def test_unknown_and_missing_members_are_named(server: Server) -> None:
    body = {"institution_code": "12", "extra": 1, "public_key": {"kty": "EC", "crv": "P-521", "x": "a" * 43, "d": "x"}}
    answer = server.call("POST", "/v1/terminals", json=body)
    assert answer.body["fields"] == {
        "institution_code": "length",
        "user_id": "missing",
        "password": "missing",
        "activation_code": "missing",
        "terms_version": "missing",
        "public_key.crv": "pattern",
        "public_key.y": "missing",
        "public_key.d": "unknown",
        "possession": "missing",
        "app_version": "missing",
        "extra": "unknown",
    }


@pytest.mark.parametrize(
    ("change", "field", "word"),
    [
        ({"challenge_id": "not a uuid"}, "challenge_id", "pattern"),
        ({"challenge_id": 5}, "challenge_id", "type"),
        ({"certificate": ""}, "certificate", "length"),
        ({"certificate": "A" * 5464}, "certificate", "length"),
        ({"certificate": "AA=="}, "certificate", "pattern"),
        ({"certificate": "AB"}, "certificate", "pattern"),
        ({"certificate": None}, "certificate", "type"),
        ({"signature": "AAAA"}, "signature", "length"),
        ({"face_check": {"seconds_ago": -1, "way": "photograph"}}, "face_check.seconds_ago", "range"),
        ({"face_check": {"seconds_ago": 86_401, "way": "photograph"}}, "face_check.seconds_ago", "range"),
        ({"face_check": {"seconds_ago": True, "way": "photograph"}}, "face_check.seconds_ago", "type"),
        ({"face_check": {"seconds_ago": "5", "way": "photograph"}}, "face_check.seconds_ago", "type"),
        ({"face_check": {"seconds_ago": 5, "way": "none"}}, "face_check.way", "pattern"),
    ],
)
def test_bounds_of_a_visit(server: Server, change: dict[str, Any], field: str, word: str) -> None:
    terminal = server.terminal()
    assert terminal.visit(HOLDER, **change).body["fields"] == {field: word}


def test_a_refused_body_does_not_spend_the_challenge(server: Server) -> None:
    terminal = server.terminal()
    challenge = terminal.challenge()
    terminal.visit(HOLDER, challenge=challenge, signature="")
    assert terminal.visit(HOLDER, challenge=challenge).code == "certificate_issuer_unknown"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 60_000, b'{"version": "\\ud800"}', b"NaN"])
def test_bodies_that_are_no_json_object_are_refused(server: Server, body: bytes) -> None:
    terminal = server.terminal()
    answer = terminal.call("PUT", "/v1/terminals/me/terms", data=body, headers={"Content-Type": "application/json"})
    assert answer.code == "fields"


def test_a_chunked_body_is_cut_off_too(server: Server) -> None:
    answer = server.call(
        "POST", "/v1/terminals", data=iter([b" " * 40_000] * 2), headers={"Content-Type": "application/json"}
    )
    assert answer.code == "body_too_large"


def test_the_token_call_answers_with_the_error_of_its_rfc(server: Server) -> None:
    terminal = Terminal(server, server.account(), terminal_id="7K3D9QXM2H4TVB83")
    assert terminal.fetch_token().body["error"] == "invalid_client"
    assert terminal.fetch_token(grant_type="password").body["error"] == "invalid_request"
    assert server.call("POST", "/v1/token", json={}).body["error"] == "invalid_request"


def test_a_trailing_slash_is_another_path_and_no_redirect(server: Server) -> None:
    assert server.call("GET", "/v1/health/").status == 404


def test_old_tls_is_refused(server: Server, tls: Path) -> None:
    context = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    host, port = re.fullmatch(r"https://(.*):(\d+)", server.address).groups()  # type: ignore[union-attr] # always matches
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection((host, int(port))) as raw, pytest.raises((ssl.SSLError, ConnectionError)):
        context.wrap_socket(raw, server_hostname=host)


def test_plain_http_is_not_spoken(server: Server) -> None:
    port = int(server.address.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n")
        try:
            answer = raw.recv(100)
        except ConnectionResetError:
            answer = b""
    assert not answer.startswith(b"HTTP")
