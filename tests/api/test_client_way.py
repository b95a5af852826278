"""The client against a real HTTPS server: TLS, proxy, and the map of foreign errors."""

import inspect
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from requests import exceptions

from myna_app.api import transport as module
from myna_app.api.client import BackendClient
from myna_app.api.clock import ServerClock
from myna_app.errors import ApiError, Problem
from tests.api.conftest import assertion
from tests.api.examples import TERMS
from tests.api.scripted import Authority, Script, answer, serving

# --- TLS -------------------------------------------------------------------------------------------------------------


def test_a_server_of_another_authority_is_refused_and_sees_nothing(
    base_url: str, script: Script, tmp_path: Path
) -> None:
    other = BackendClient(base_url, assertion, ca_file=Authority.new().write(tmp_path / "other.pem"))
    with pytest.raises(ApiError) as caught:
        other.terms()
    assert caught.value.problem is Problem.TLS_REFUSED
    assert script.seen == []


def test_without_a_pinned_authority_the_systems_own_decide(base_url: str, script: Script) -> None:
    with pytest.raises(ApiError) as caught:
        BackendClient(base_url, assertion).terms()
    assert caught.value.problem is Problem.TLS_REFUSED


def test_a_pinned_authority_stands_alone(client: BackendClient, script: Script, authority: Authority) -> None:
    script.plays = [answer(200, TERMS)]
    client.terms()
    adapter = client._transport._session.get_adapter("https://")
    assert isinstance(adapter, module._TlsAdapter)
    assert adapter._context.get_ca_certs(binary_form=True) == [
        authority.certificate.public_bytes(serialization.Encoding.DER)
    ]
    assert adapter._context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_a_certificate_for_another_host_is_refused(authority: Authority, ca_file: Path, tmp_path: Path) -> None:
    with (
        serving(Script(), authority.issue(tmp_path / "other.pem", "127.0.0.2")) as address,
        pytest.raises(ApiError) as caught,
    ):
        BackendClient(address, assertion, ca_file=ca_file).terms()
    assert caught.value.problem is Problem.TLS_REFUSED


@pytest.mark.parametrize(
    ("minutes", "told"), [(6, Problem.CLOCK_OFF), (4, Problem.TLS_REFUSED), (-6, Problem.CLOCK_OFF)]
)
def test_a_tls_failure_with_a_clock_known_to_be_off_is_told_as_that(
    authority: Authority, server_file: Path, tmp_path: Path, minutes: int, told: Problem
) -> None:
    ca_file = authority.write(tmp_path / "ca.pem")
    set_by = timedelta()
    clock = ServerClock(wall=lambda: datetime.now(UTC) + set_by)
    script = Script([answer(200, TERMS)])
    with serving(script, server_file) as address:
        BackendClient(address, assertion, ca_file=ca_file, clock=clock).terms()
    set_by = timedelta(minutes=minutes)
    with (
        serving(script, authority.issue(tmp_path / "expired.pem", days=(-9, -8))) as address,
        pytest.raises(ApiError) as caught,
    ):
        BackendClient(address, assertion, ca_file=ca_file, clock=clock).terms()
    assert caught.value.problem is told
    if told is Problem.CLOCK_OFF:
        assert caught.value.facts["minutes"] == 6


def test_plain_http_is_never_spoken() -> None:
    for address in ("http://127.0.0.1:8080", "http://backend.example"):
        with pytest.raises(ValueError, match="HTTPS"):
            BackendClient(address, assertion)


def test_nobody_at_the_address_is_unreachable(ca_file: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"https://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(ApiError) as caught:
            BackendClient(address, assertion, ca_file=ca_file).terms()
    assert caught.value.problem is Problem.BACKEND_UNREACHABLE


# --- proxy -----------------------------------------------------------------------------------------------------------


@contextmanager
def proxy(reply: bytes, seen: list[bytes]) -> Iterator[str]:
    """A proxy that answers each CONNECT with `reply` and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            try:
                while True:
                    connection, _address = listener.accept()
                    with connection:
                        seen.append(connection.recv(65_536))
                        connection.sendall(reply)
            except OSError:
                return

        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", Problem.PROXY_AUTHENTICATION),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Problem.BACKEND_UNREACHABLE),
    ],
)
def test_a_proxy_that_refuses_is_told_from_one_that_wants_a_password(
    ca_file: Path, reply: bytes, told: Problem
) -> None:
    seen: list[bytes] = []
    with proxy(reply, seen) as address:
        client = BackendClient(
            "https://backend.example", assertion, ca_file=ca_file, proxy=f"http://me:pass%3Aword@{address}"
        )
        with pytest.raises(ApiError) as caught:
            client.terms()
        client.close()
    assert caught.value.problem is told
    assert seen[0].startswith(b"CONNECT backend.example:443")
    assert b"Proxy-Authorization: Basic bWU6cGFzczp3b3Jk" in seen[0]
    assert "pass" not in str(caught.value)
    assert len(seen) == 1


# --- the map of foreign errors ---------------------------------------------------------------------------------------


def test_every_exception_of_requests_has_its_problem() -> None:
    known = {
        kind
        for _, kind in inspect.getmembers(exceptions, inspect.isclass)
        if issubclass(kind, exceptions.RequestException)
    }
    assert known == set(module._PROBLEMS)
