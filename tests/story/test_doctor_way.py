"""`myna-app doctor --json` on the way to the backend: proxy, name, TLS, clock, version, the terminal's standing."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import tomli_w

from myna_app.flow import states as st
from tests.api.conftest import authority, ca_file, script, server_file
from tests.api.scripted import Script, answer, serving
from tests.parts import BIN, Pcscd, ReferenceBackend, free_port
from tests.story.reception import Reception

__all__ = ["authority", "ca_file", "script", "server_file"]

WAY = ("proxy", "dns", "tls", "clock", "backend", "terminal", "terms", "version")
HEALTH = {"ok": True, "version": "9.9", "store": "sqlite"}


@pytest.fixture(autouse=True)
def service(pcscd: Pcscd) -> Pcscd:
    """What is wrong here is not to be the reader."""
    return pcscd


def way(home: Path, **policy: str) -> tuple[dict[str, tuple[str, str | None]], int]:
    """Outcome and problem (or what was found, when there is none) of each step; the exit status."""
    if policy:
        (home / "policy").mkdir(exist_ok=True)
        (home / "policy" / "policy.toml").write_text(tomli_w.dumps(policy), "utf-8")
    done = subprocess.run(
        [BIN / "myna-app", "doctor", "--json"],
        env={**os.environ, "MYNA_APP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    checks = [json.loads(line) for line in done.stdout.splitlines()]
    told = {one["name"]: (one["outcome"], one["problem"] or one["found"]) for one in checks if one["name"] in WAY}
    return told, done.returncode


def not_asked(*names: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names, ("unknown", "not asked"))


def test_a_registered_terminal_finds_all_well_and_a_stopped_account_is_told(
    backend: ReferenceBackend, tmp_path: Path
) -> None:
    account, desk = backend.new_account(), Reception(backend, tmp_path)
    desk.set_up(account)
    desk.stop()
    told, status = way(tmp_path)
    assert status == 0
    assert told.pop("backend")[0] == "good"
    assert told == {
        "proxy": ("good", "not used"),
        "dns": ("good", "found"),
        "tls": ("good", "verified"),
        "clock": ("good", "right"),
        "terminal": ("good", "active"),
    }
    backend.account("stop", account.user_id)
    told, status = way(tmp_path)
    assert (status, told["terminal"]) == (1, ("bad", "E-A02"))
    assert "terms" not in told and "version" not in told


def test_a_terminal_before_its_first_day_is_told_as_that(backend: ReferenceBackend, tmp_path: Path) -> None:
    account, desk = backend.new_account(starts_on="2099-01-01"), Reception(backend, tmp_path)
    desk.start()
    desk.agree()
    desk.submit(account)
    desk.until(st.Registered)
    desk.stop()
    told, status = way(tmp_path)
    backend.new_account()  # the office's first day again, for the tests that follow
    assert (status, told["terminal"]) == (1, ("bad", "E-A07"))


def test_a_name_that_leads_nowhere_ends_the_way(tmp_path: Path) -> None:
    told, status = way(tmp_path, backend_url="https://nowhere.invalid")
    assert status == 1
    assert told == {
        "proxy": ("good", "not used"),
        "dns": ("bad", "E-N01"),
        **not_asked("tls", "clock", "backend", "terminal"),
    }


def test_with_a_proxy_its_name_is_what_must_be_found(tmp_path: Path) -> None:
    proxy = {"proxy_mode": "manual", "proxy": "http://nowhere.invalid:8080"}
    told, _ = way(tmp_path, backend_url="https://127.0.0.1:1", **proxy)
    assert (told["proxy"], told["dns"]) == (("good", "used"), ("bad", "E-N01"))


def test_a_server_that_is_not_there_is_told_as_the_servers_fault(tmp_path: Path) -> None:
    told, _ = way(tmp_path, backend_url=f"https://127.0.0.1:{free_port()}")
    assert (told["dns"], told["backend"]) == (("good", "found"), ("bad", "E-N01"))
    assert told["tls"] == told["clock"] == told["terminal"] == ("unknown", "not asked")


def test_a_server_of_another_authority_fails_at_tls(backend: ReferenceBackend, ca_file: Path, tmp_path: Path) -> None:
    told, _ = way(tmp_path, backend_url=backend.address, ca_file=str(ca_file))
    assert told["tls"] == ("bad", "E-N02")
    assert told["clock"] == told["backend"] == told["terminal"] == ("unknown", "not asked")


@pytest.mark.parametrize("off", [-400.0, 400.0])
def test_a_clock_more_than_five_minutes_off_is_told(
    script: Script, server_file: Path, ca_file: Path, tmp_path: Path, off: float
) -> None:
    script.plays = [answer(200, HEALTH, off=off)]
    with serving(script, server_file) as address:
        told, status = way(tmp_path, backend_url=address, ca_file=str(ca_file))
    assert (told["tls"], told["clock"], told["backend"]) == (("good", "verified"), ("bad", "E-N08"), ("good", "9.9"))
    assert (told["terminal"], status) == (("unknown", "not registered"), 1)
