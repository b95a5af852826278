"""Signing by commands of the environment: installer and uninstaller go through it; what is not signed is noticed."""

import subprocess
from pathlib import Path

import pytest

from installer.package import make_installer, sign
from installer.windows_python import BuildError


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    script = Path(__file__).with_name("stand_in.nsi")
    subprocess.run(["makensis", "-V1", "-NOCD", f"-DOUTPUT={folder / 'myna-app.exe'}", script], check=True)
    return folder


@pytest.fixture
def signing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands that sign with a certificate of this test; returns the list of what was signed."""
    key, certificate, log = (tmp_path / name for name in ("key.pem", "certificate.pem", "signed.txt"))
    subject = ["-subj", "/CN=myna-app test", "-addext", "extendedKeyUsage=codeSigning", "-days", "2"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    signer, verifier = tmp_path / "sign", tmp_path / "verify"
    signer.write_text(
        f'#!/bin/sh\nset -e\nosslsigncode sign -h sha256 -certs {certificate} -key {key} -in "$1" -out "$1.signed"\n'
        f'mv "$1.signed" "$1"\necho "$1" >> {log}\n',
        "utf-8",
    )
    verifier.write_text(f'#!/bin/sh\nexec osslsigncode verify -CAfile {certificate} -in "$1"\n', "utf-8")
    for program in (signer, verifier):
        program.chmod(0o755)
    monkeypatch.setenv("MYNA_SIGN", str(signer))
    monkeypatch.setenv("MYNA_SIGN_VERIFY", str(verifier))
    return log


def test_a_program_is_signed_and_the_signature_verified(bundle: Path, signing: Path) -> None:
    sign(bundle / "myna-app.exe")
    assert signing.read_text("utf-8").splitlines() == [str(bundle / "myna-app.exe")]


def test_what_the_command_left_unsigned_is_noticed(
    bundle: Path, signing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MYNA_SIGN", "true")
    with pytest.raises(BuildError, match="MYNA_SIGN_VERIFY"):
        sign(bundle / "myna-app.exe")


def test_installer_and_uninstaller_are_both_signed(bundle: Path, signing: Path, tmp_path: Path) -> None:
    setup = tmp_path / "setup.exe"
    make_installer(bundle, "1.0.0", setup)
    signed = signing.read_text("utf-8").splitlines()
    assert len(signed) == 2
    assert signed[-1] == str(setup)
    subprocess.run([str(tmp_path / "verify"), setup], check=True, capture_output=True)
