"""Updates: only signed, only newer, only whole, only where a policy wants them."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from installer.fleet import EXAMPLES
from installer.manifest import load_or_make_key, sign_update
from myna_app.settings.table import Settings
from myna_app.update.manifest import Manifest, Reason, UpdateRefusedError, read_signed, write_signed
from myna_app.update.service import Channel, Updates

KEY = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")  # RFC 8032, 7.1, test 1
)
PUBLIC = b64encode(KEY.public_key().public_bytes_raw()).decode()
SETUP = b"an installer" * 1000
NEWER = Manifest(
    "1.10.0", "myna-app-1.10.0-setup.exe", len(SETUP), hashlib.sha256(SETUP).hexdigest(), "直しました", "Fixed"
)


class Server:
    """What lies at the channel's address."""

    def __init__(self, **files: bytes) -> None:
        self.files = {"update.json": write_signed(NEWER, KEY), NEWER.file: SETUP} | files
        self.asked: list[str] = []

    def __call__(self, address: str) -> Iterator[bytes]:
        self.asked.append(address)
        content = self.files[address.rpartition("/")[2]]
        return (content[start : start + 1000] for start in range(0, len(content), 1000))


def updates(server: Server, folder: Path, version: str = "1.9.9") -> Updates:
    return Updates(Channel("https://u.example/channel", PUBLIC), folder, server, version)


def test_without_both_address_and_key_in_the_policy_updates_are_off() -> None:
    assert Channel.of(Settings()) is None
    assert Channel.of(Settings(update_url="https://u.example")) is None
    assert Channel.of(Settings(update_url="https://u.example", update_key=PUBLIC)) is not None


def test_the_documented_example_key_is_the_public_key_of_the_rfc() -> None:
    assert EXAMPLES["update_key"] == PUBLIC


@pytest.mark.parametrize(("ours", "found"), [("1.9.9", True), ("1.10.0", False), ("1.10.1", False), ("2.0.0", False)])
def test_only_a_newer_version_is_an_update(tmp_path: Path, ours: str, found: bool) -> None:
    assert (updates(Server(), tmp_path, ours).look() == NEWER) is found


def test_a_manifest_signed_by_another_key_is_refused(tmp_path: Path) -> None:
    other = write_signed(NEWER, Ed25519PrivateKey.generate())
    with pytest.raises(UpdateRefusedError) as caught:
        updates(Server(**{"update.json": other}), tmp_path).look()
    assert caught.value.reason is Reason.SIGNATURE


def test_a_changed_manifest_is_refused() -> None:
    signed = json.loads(write_signed(NEWER, KEY))
    body = b64decode(signed["manifest"]).replace(b"1.10.0", b"9.10.0")
    with pytest.raises(UpdateRefusedError):
        read_signed(json.dumps(signed | {"manifest": b64encode(body).decode()}).encode(), PUBLIC)


def test_a_signature_over_the_bare_manifest_does_not_count() -> None:
    signed = json.loads(write_signed(NEWER, KEY))
    bare = b64encode(KEY.sign(b64decode(signed["manifest"]))).decode()
    with pytest.raises(UpdateRefusedError):
        read_signed(json.dumps(signed | {"signature": bare}).encode(), PUBLIC)


@given(
    st.one_of(st.binary(max_size=300), st.recursive(st.text(), st.lists).map(lambda value: json.dumps(value).encode()))
)
def test_whatever_the_server_sends_is_refused_or_a_manifest(content: bytes) -> None:
    with pytest.raises(UpdateRefusedError):
        read_signed(content, PUBLIC)


@pytest.mark.parametrize("file", ["../evil.exe", "a/b.exe", "C:\\evil.exe", "setup.bat", "", ".exe"])
def test_a_file_name_is_never_a_path(file: str) -> None:
    with pytest.raises(UpdateRefusedError) as caught:
        Manifest("1.0.0", file, 1, "0" * 64, "", "")
    assert caught.value.reason is Reason.MANIFEST


def test_an_endless_manifest_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(UpdateRefusedError):
        updates(Server(**{"update.json": b" " * 200_000}), tmp_path).look()


def test_the_installer_is_brought_whole_and_only_once(tmp_path: Path) -> None:
    server = Server()
    parts: list[float] = []
    service = updates(server, tmp_path / "updates")
    file = service.bring(NEWER, parts.append)
    assert file.read_bytes() == SETUP
    assert parts == sorted(parts)
    assert parts[-1] == 1
    asked = list(server.asked)
    assert service.bring(NEWER) == file
    assert server.asked == asked


@pytest.mark.parametrize("content", [SETUP[:-1], SETUP + b"x", b"y" * len(SETUP), b""])
def test_another_installer_than_the_signed_one_is_refused_and_not_kept(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UpdateRefusedError) as caught:
        updates(Server(**{NEWER.file: content}), tmp_path / "updates").bring(NEWER)
    assert caught.value.reason is Reason.CONTENT
    assert list((tmp_path / "updates").iterdir()) == []


def test_an_installer_changed_after_the_download_is_not_started(tmp_path: Path) -> None:
    started: list[Path] = []
    service = updates(Server(), tmp_path)
    file = service.bring(NEWER)
    service.install(NEWER, started.append)
    assert started == [file]
    file.write_bytes(SETUP[::-1])
    with pytest.raises(UpdateRefusedError):
        service.install(NEWER, started.append)
    assert started == [file]


def test_what_the_builder_signs_is_what_the_program_reads(tmp_path: Path) -> None:
    setup = tmp_path / "myna-app-2.0.0-setup.exe"
    setup.write_bytes(SETUP)
    key = load_or_make_key(tmp_path / "key.pem")
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    manifest = read_signed(sign_update(key, setup, "新しい版", "New version").read_bytes(), public)
    assert (manifest.version, manifest.size, manifest.notes_ja) == ("2.0.0", len(SETUP), "新しい版")
    assert load_or_make_key(tmp_path / "key.pem").private_bytes_raw() == key.private_bytes_raw()
