"""The command line."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from myna_sandbox import cli
from myna_sandbox.home import HOME_VARIABLE
from myna_sandbox.personalise import Sandbox


@pytest.fixture(autouse=True)
def home(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(sandbox.home.folder))


def test_the_deck_is_listed_a_line_a_person_id_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["deck"]) == 0
    lines = capsys.readouterr().out.splitlines()
    ids = [line.split()[0] for line in lines]
    assert ids[0] == "p01"
    assert len(ids) == len(set(ids))
    assert {"p10", "x3", "copied", "blank", "persona"} <= set(ids)


def test_the_deck_is_exported(tmp_path: Path) -> None:
    assert cli.main(["deck", "export", str(tmp_path / "out")]) == 0
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))["mode"] == "sandbox"


def test_an_unknown_person_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["card", "p99"]) == 2
    assert "p99" in capsys.readouterr().err


def test_a_wrong_fault_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.main(["card", "p01", "--fault", "burn"])
    assert "--fault" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_card_is_announced_and_lifted_cleanly(number: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        with subprocess.Popen(
            [sys.executable, "-m", "myna_sandbox.cli", "card", "blank", "--vpcd", address],
            stdout=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        ) as process:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"\x00\x01\x01")
                assert process.stdout is not None
                assert process.stdout.readline() == "card blank inserted\n"
                process.send_signal(number)
                assert connection.recv(1) == b""
            assert process.wait(20) == 0
