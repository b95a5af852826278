"""The administration on a server of its own: whoever has a certificate of the operators' authority, and nobody else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from myna_backend.tls import CA_FILE, CERTIFICATE_FILE, KEY_FILE
from tests.pages.conftest import Pages
from tests.pages.forms import Client
from tests.pages.test_forms import APPLICATION

PROGRAM = Path(sys.executable).with_name("myna-backend")
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")


def openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_authority(folder: Path) -> Path:
    """As docs/backend.md tells operators to."""
    folder.mkdir()
    ca = folder / "operators-ca.pem"
    openssl(
        "req", "-x509", *NEW_KEY, "-days", "3650", "-subj", "/CN=operators", "-keyout", folder / "ca.key", "-out", ca
    )
    return ca


def make_operator(ca: Path) -> tuple[str, str]:
    """Certificate and key of somebody."""
    key, request, certificate = (ca.with_name(f"operator.{ending}") for ending in ("key", "csr", "pem"))
    openssl("req", *NEW_KEY, "-subj", "/CN=yamada", "-keyout", key, "-out", request)
    signing = ("-CA", ca, "-CAkey", ca.with_name("ca.key"), "-days", "365", "-copy_extensions", "copy")
    openssl("x509", "-req", "-in", request, *signing, "-out", certificate)
    return str(certificate), str(key)


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    return make_authority(tmp_path / "operators")


@pytest.fixture
def administration(pages: Pages, tls: Path, ca: Path) -> Iterator[str]:
    """Address of the program, on the store of `pages`."""
    files = ("--tls-cert", tls / CERTIFICATE_FILE, "--tls-key", tls / KEY_FILE, "--client-ca", ca)
    data = ("--data", str(pages.server.backend.settings.data), "--port", "0")
    command: list[str | Path] = [PROGRAM, "administer", *data, *files]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        try:
            yield line.removeprefix("listening on ").strip()
        finally:
            process.terminate()
            process.wait(20)


def test_a_certificate_opens_the_administration_and_nothing_else_is_served(
    pages: Pages, administration: str, ca: Path, tls: Path, tmp_path: Path
) -> None:
    office = Client(pages.server)
    office.sign_in("applicant")
    office.post("/portal/apply/send", APPLICATION)

    with requests.Session() as http:
        http.trust_env, http.verify, http.cert = False, str(tls / CA_FILE), make_operator(ca)
        shown = http.get(f"{administration}/admin/applications", timeout=30)
        assert shown.status_code == 200
        assert "見本居宅介護支援" in shown.text
        token = shown.text.partition('name="csrf" value="')[2][:64]
        approve = f"{administration}/admin/applications/1/approve"
        assert http.post(approve, {"csrf": "0" * 64}, timeout=30).status_code == 403
        done = http.post(approve, {"csrf": token}, timeout=30)
        assert "承認を待つ申請はありません" in done.text
        for path in ("/v1/health", "/v1/terms", "/portal/signin", "/openapi.json"):
            assert http.get(administration + path, timeout=30).status_code == 404, path

    strangers = (None, make_operator(make_authority(tmp_path / "strangers")))
    for stranger in strangers:
        with requests.Session() as http, pytest.raises(requests.exceptions.ConnectionError):
            http.trust_env, http.verify, http.cert = False, str(tls / CA_FILE), stranger
            http.get(f"{administration}/admin", timeout=30)
