"""OpenSC's and OpenSSL's command lines, as a person types them."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


@dataclass(frozen=True)
class Said:
    """What a program printed, both streams, and how it ended."""

    status: int
    text: str


def run(*words: str) -> Said:
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    return Said(done.returncode, done.stdout + done.stderr)


def pkcs15(*words: str) -> Said:
    return run("pkcs15-tool", *words)


def certificate(identifier: str, *words: str) -> bytes | None:
    """DER of the certificate with OpenSC's id, None where it cannot be read."""
    said = pkcs15("--read-certificate", identifier, *words)
    found = re.search(r"-----BEGIN.*-----END CERTIFICATE-----\n", said.text, re.DOTALL)
    return None if found is None else x509.load_pem_x509_certificate(found[0].encode()).public_bytes(Encoding.DER)


def tries() -> dict[str, int]:
    """Tries left by PIN id."""
    said = pkcs15("--list-pins")
    pins = re.findall(r"^\tID +: (\d+)$.*?^\tTries left +: (\d+)$", said.text, re.DOTALL | re.MULTILINE)
    return {identifier: int(left) for identifier, left in pins}


def verify_pin(identifier: str, pin: str) -> Said:
    return pkcs15("--verify-pin", "--auth-id", identifier, "--pin", pin)


def sign(identifier: str, slot: int, pin: str, message: Path) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256 over a file, by the key with that id."""
    signature = message.with_suffix(f".{identifier}")
    said = run(
        "pkcs11-tool", "--slot-index", str(slot), "--login", "--pin", pin, "--sign", "--id", identifier,
        "--mechanism", "SHA256-RSA-PKCS", "--input-file", str(message), "--output-file", str(signature),
    )  # fmt: skip
    assert said.status == 0, said.text
    return signature.read_bytes()


def openssl_accepts(certificate_der: bytes, signature: bytes, message: Path) -> bool:
    """Whether OpenSSL verifies the signature under the certificate's key."""
    names = [message.with_suffix(suffix) for suffix in (".cer", ".pub", ".sig")]
    names[0].write_bytes(certificate_der)
    names[2].write_bytes(signature)
    cer, pub, sig = map(str, names)
    assert run("openssl", "x509", "-inform", "DER", "-in", cer, "-pubkey", "-noout", "-out", pub).status == 0
    return run("openssl", "dgst", "-sha256", "-verify", pub, "-signature", sig, str(message)).status == 0
