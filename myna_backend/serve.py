"""Serving over HTTPS, and nothing but HTTPS."""

import logging
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

_BACKLOG = 256
_KEEP_ALIVE = 75
"""Seconds an idle connection stays open, so that a terminal does not shake hands for every visitor."""
_GRACE = 5
"""Seconds running calls have at the end."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A bound socket; its port is known before anything is served, port 0 included."""

    socket: socket.socket
    host: str

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.socket.getsockname()[1]}"


def listen(host: str, port: int) -> Listener:
    """Raises `OSError` where the address is taken or not ours."""
    # With the protocol named asyncio turns Nagle's algorithm off; else every answer waits 40 ms for the peer's ACK.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError:
        listening.close()
        raise
    return Listener(listening, host)


def make_server(
    app: FastAPI, certificate: Path, key: Path, ready: Callable[[], None], client_ca: Path | None = None
) -> uvicorn.Server:
    """A server that calls `ready` once it accepts connections; `run(sockets=[...])` serves until a signal.

    With `client_ca` nobody connects without a certificate signed by it.
    """
    config = uvicorn.Config(
        app,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        ssl_ca_certs=None if client_ca is None else str(client_ca),
        ssl_cert_reqs=ssl.CERT_NONE if client_ca is None else ssl.CERT_REQUIRED,
        log_config=None,
        access_log=False,  # `http` logs route templates; paths would name visits
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
    return _Server(config, ready)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("uvicorn", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
