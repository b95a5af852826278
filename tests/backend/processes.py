"""The backend as an operator runs it: processes of their own on one database, Debian's nginx before them."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests

from myna_backend.backend import open_backend
from myna_backend.settings import Settings
from myna_backend.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE
from tests.backend.running import FakeClock, Server
from tests.parts import BIN, Program, free_port, wait_until


class WallClock(FakeClock):
    """The processes' own time: a test on a slow machine takes longer than an assertion lives."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class Deployment:
    """What every process of one backend shares."""

    data: Path
    """Server key and TLS files."""
    database: str
    issuer: str

    def start(self, port: int) -> Program:
        """A process that serves on `port`."""
        program = Program(
            BIN / "myna-backend", "serve", "--data", self.data, "--database", self.database,
            "--issuer", self.issuer, "--port", str(port),
            "--tls-cert", self.data / CERTIFICATE_FILE, "--tls-key", self.data / KEY_FILE,
        )  # fmt: skip
        program.line("listening on")
        return program

    @contextmanager
    def client(self, address: str) -> Iterator[Server]:
        """What tests call it with, and a way of their own to its store."""
        backend = open_backend(Settings(issuer=self.issuer, data=self.data, database=self.database))
        with requests.Session() as http:
            http.trust_env = False
            http.verify = str(self.data / CA_FILE)
            adapter = requests.adapters.HTTPAdapter(pool_maxsize=64)
            http.mount("https://", adapter)
            yield Server(address, backend, WallClock(), http)
        backend.store.engine.dispose()


@contextmanager
def nginx(folder: Path, tls: Path, port: int, upstream: Sequence[int]) -> Iterator[None]:
    """nginx on `port`, which hands each request to the next of the ports behind it, over TLS as well."""
    servers = "".join(f"server 127.0.0.1:{one};" for one in upstream)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; user root; worker_processes 1;
        events {{ worker_connections 512; }}
        http {{
          access_log off; client_max_body_size 110m;
          client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
          fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
          upstream backend {{ {servers} keepalive 32; }}
          server {{
            listen 127.0.0.1:{port} ssl;
            ssl_certificate {tls / CERTIFICATE_FILE}; ssl_certificate_key {tls / KEY_FILE};
            location / {{
              proxy_pass https://backend; proxy_http_version 1.1; proxy_set_header Connection "";
              proxy_set_header Host $http_host; proxy_next_upstream off;
              proxy_ssl_verify on; proxy_ssl_trusted_certificate {tls / CA_FILE}; proxy_ssl_name localhost;
            }}
          }}
        }}
        """
    )
    process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-p", folder, "-c", configuration])
    try:
        wait_until((folder / "pid").exists, "nginx runs")
        yield
    finally:
        process.terminate()
        process.wait(20)


def ports(count: int) -> Sequence[int]:
    return [free_port() for _ in range(count)]
