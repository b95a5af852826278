"""Signs an update: ``python -m installer.manifest KEY SETUP.exe NOTES_JA NOTES_EN`` writes `update.json` beside it.

KEY is an Ed25519 private key in PEM; where none is yet, one is made. The public key to put into the policy is printed.
"""

import hashlib
import re
import sys
from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from myna_app.update.manifest import Manifest, write_signed


def load_or_make_key(file: Path) -> Ed25519PrivateKey:
    """The signing key; keep its file offline."""
    if not file.exists():
        made = Ed25519PrivateKey.generate()
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        file.touch(0o600)
        file.write_bytes(made.private_bytes(*pem))
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file.name} is no Ed25519 key")
    return key


def sign_update(key: Ed25519PrivateKey, setup: Path, notes_ja: str, notes_en: str) -> Path:
    """`update.json` of ``myna-app-<version>-setup.exe``."""
    version = re.fullmatch(r"myna-app-([0-9.]+)-setup\.exe", setup.name)
    if version is None:
        raise ValueError(f"{setup.name} is not named as make package does")
    content = setup.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    manifest = Manifest(version[1], setup.name, len(content), digest, notes_ja, notes_en)
    target = setup.with_name("update.json")
    target.write_bytes(write_signed(manifest, key))
    return target


def main() -> None:
    key_file, setup, notes_ja, notes_en = sys.argv[1:]
    key = load_or_make_key(Path(key_file))
    print(sign_update(key, Path(setup), notes_ja, notes_en))
    print("update_key =", b64encode(key.public_key().public_bytes_raw()).decode())


if __name__ == "__main__":
    main()
