"""Servers of an office's network, as small as can be: a proxy that wants a password, and where updates lie."""

import socket
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from tests.parts import ReferenceBackend

_PIECE = 65536


@contextmanager
def proxy(user: str, password: str) -> Iterator[str]:
    """Tunnels for whoever names himself (RFC 9110, 11.7); its address is host:port."""
    wanted = f"Proxy-Authorization: Basic {b64encode(f'{user}:{password}'.encode()).decode()}"

    class Tunnel(StreamRequestHandler):
        def handle(self) -> None:
            lines = []
            while line := self.rfile.readline().decode("latin-1").rstrip("\r\n"):
                lines.append(line)
            if wanted not in lines:
                self.wfile.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            host, port = lines[0].split()[1].rsplit(":", 1)
            with socket.create_connection((host, int(port))) as onward:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = Thread(target=_pass_on, args=(onward, self.connection))
                back.start()
                _pass_on(self.connection, onward)
                back.join()

    server = ThreadingTCPServer(("127.0.0.1", 0), Tunnel)
    server.daemon_threads = True
    with _running(server):
        yield f"127.0.0.1:{server.server_address[1]}"


@contextmanager
def update_server(backend: ReferenceBackend, folder: Path) -> Iterator[str]:
    """The files of `folder` over HTTPS, by the certificate that the backend shows."""

    class Files(SimpleHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(backend.data / "server.pem", backend.data / "server-key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with _running(server):
        yield f"https://127.0.0.1:{server.server_address[1]}"


@contextmanager
def _running(server: ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[None]:
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Until either side has had enough."""
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
