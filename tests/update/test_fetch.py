"""An update over real HTTPS: trusted as the backend is, without redirects, and told apart when it fails."""

from functools import partial
from pathlib import Path

import pytest

from myna_app.api.transport import fetch
from myna_app.errors import ApiError, Problem
from myna_app.update.manifest import write_signed
from myna_app.update.service import Channel, Updates
from tests.api.conftest import authority, base_url, ca_file, script, server_file
from tests.api.scripted import Script, answer
from tests.update.test_updates import KEY, NEWER, PUBLIC, SETUP

__all__ = ["authority", "base_url", "ca_file", "script", "server_file"]


def test_manifest_and_installer_come_over_https(tmp_path: Path, base_url: str, ca_file: Path, script: Script) -> None:
    script.plays += [answer(200, write_signed(NEWER, KEY)), answer(200, SETUP)]
    updates = Updates(Channel(f"{base_url}/channel", PUBLIC), tmp_path, partial(fetch, ca_file=ca_file), "1.0.0")
    found = updates.look()
    assert found == NEWER
    assert updates.bring(NEWER).read_bytes() == SETUP
    assert [seen.path for seen in script.seen] == ["/channel/update.json", f"/channel/{NEWER.file}"]
    assert "Authorization" not in script.seen[0].headers


@pytest.mark.parametrize("status", [302, 404, 500])
def test_another_status_than_200_is_no_file(base_url: str, ca_file: Path, script: Script, status: int) -> None:
    script.plays.append(answer(status, headers={"Location": "https://127.0.0.1/elsewhere"}))
    with pytest.raises(ApiError) as caught:
        list(fetch(f"{base_url}/update.json", ca_file=ca_file))
    assert caught.value.problem is Problem.CONTRACT_BROKEN
    assert len(script.seen) == 1


def test_a_server_of_an_unknown_authority_is_not_believed(base_url: str) -> None:
    with pytest.raises(ApiError) as caught:
        list(fetch(f"{base_url}/update.json"))
    assert caught.value.problem is Problem.TLS_REFUSED
