"""A real HTTPS server on loopback that plays scripted answers, and the throw-away authority behind it."""

import json
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Authority:
    """A certificate authority that lives as long as the test run."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def new(cls) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "throw-away")])
        return cls(key, _certificate(name, name, key, key, ca=True))

    def write(self, file: Path) -> Path:
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def issue(self, file: Path, host: str = "127.0.0.1", *, days: tuple[int, int] = (-1, 2)) -> Path:
        """Key and certificate of a server in one PEM file; valid from and until so many days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
        made = _certificate(name, self.certificate.subject, key, self.key, host=host, days=days)
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        return file


def _certificate(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    *,
    ca: bool = False,
    host: str | None = None,
    days: tuple[int, int] = (-1, 2),
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if ca:
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    if host is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    return builder.sign(signer, hashes.SHA256())


@dataclass(frozen=True)
class Seen:
    """A request as the server got it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Play = Callable[[BaseHTTPRequestHandler], None]


def answer(
    status: int, body: object = None, *, headers: Mapping[str, str] | None = None, padding: int = 0, off: float = 0.0
) -> Play:
    """An answer; `body` is bytes or becomes JSON. `off`: seconds by which the server's clock differs."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        content += b" " * padding
        handler.send_response_only(status)
        handler.send_header("Date", format_datetime(datetime.now(UTC) + timedelta(seconds=off), usegmt=True))
        handler.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return play


def problem(status: int, code: str, *, off: float = 0.0, **members: object) -> Play:
    """A refusal (RFC 9457)."""
    return answer(status, {"code": code, "status": status, **members}, off=off)


def cut(handler: BaseHTTPRequestHandler) -> None:
    """No answer: the connection breaks after the request was read."""
    handler.close_connection = True


def cut_in_the_body(handler: BaseHTTPRequestHandler) -> None:
    """An answer that breaks off."""
    handler.send_response_only(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"version":')
    handler.close_connection = True


@dataclass
class Script:
    """What the server shall answer, in order, and what it saw. Token calls are answered by themselves unless `tokens`
    holds an answer for them."""

    plays: list[Play] = field(default_factory=list)
    tokens: list[Play] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    token_requests: list[Seen] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    """Set at the end, so that a stalled answer ends too."""

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        seen = Seen(handler.command, handler.path, dict(handler.headers), body)
        if seen.path == "/v1/token":
            self.token_requests.append(seen)
            token = {"access_token": f"token-{len(self.token_requests)}", "token_type": "Bearer", "expires_in": 600}
            (self.tokens.pop(0) if self.tokens else answer(200, token))(handler)
        else:
            self.seen.append(seen)
            self.plays.pop(0)(handler)

    def stall(self, handler: BaseHTTPRequestHandler) -> None:
        """Never answer."""
        self.over.wait(30)
        handler.close_connection = True

    def stall_in_the_body(self, handler: BaseHTTPRequestHandler) -> None:
        """Begin an answer and never end it."""
        handler.send_response_only(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"version":')
        handler.wfile.flush()
        self.stall(handler)


@contextmanager
def serving(script: Script, certificate: Path) -> Iterator[str]:
    """The base address of a server that plays `script`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (OSError, ssl.SSLError):
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            pass

        def play(self) -> None:
            script.play(self)

        do_GET = do_POST = do_PUT = do_DELETE = play  # noqa: N815 - the names http.server calls

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_arguments: object) -> None:
            """A handshake the client broke off is what some tests want."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
