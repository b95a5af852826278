"""The `myna-backend` command as a program of its own."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from myna_backend.cli import main
from tests.backend.issuing import person, write_export

PROGRAM = Path(sys.executable).with_name("myna-backend")


@contextmanager
def demo(data: Path, *options: str) -> Iterator[tuple[str, str]]:
    """Address and everything printed before it."""
    command = [str(PROGRAM), "serve", "--demo", "--data", str(data), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        printed = []
        for line in process.stdout:
            if line.startswith("listening on "):
                break
            printed.append(line)
        else:
            raise AssertionError("".join(printed))
        try:
            yield line.removeprefix("listening on ").strip(), "".join(printed)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_demo_serves_over_a_certificate_its_ca_vouches_for_and_prints_accounts(tmp_path: Path) -> None:
    with demo(tmp_path) as (address, printed):
        assert re.fullmatch(r"https://127\.0\.0\.1:\d+", address)
        health = requests.get(f"{address}/v1/health", verify=str(tmp_path / "ca.pem"), timeout=10)
    assert health.json()["ok"] is True
    assert printed.count("ユーザー設定情報") == 6
    assert re.findall(r"機関コード +(\d+)", printed) == ["9919910019"] * 3 + ["8888888888"] * 3
    assert re.findall(r"ユーザID +(\w+)", printed)[0] == "W0000001"
    assert len(re.findall(r"アクティベーションコード +\d{12}\n", printed)) == 6
    assert json.loads((tmp_path / "demo-accounts.json").read_text())[0]["user_id"] == "W0000001"
    assert (tmp_path / "demo-accounts.json").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "server-key.pem").stat().st_mode & 0o777 == 0o600


def test_a_demo_started_again_has_the_same_accounts(tmp_path: Path) -> None:
    def accounts(printed: str) -> str:
        return printed.partition("\n")[2]

    with demo(tmp_path) as (_, first):
        pass
    with demo(tmp_path, "--host", "localhost") as (address, second):
        assert address.startswith("https://localhost:")
    assert accounts(first) == accounts(second)


def test_without_a_certificate_nothing_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "serve", "--data", str(tmp_path), "--port", "0")
    assert (status, out) == (2, "")
    assert "plain HTTP" in err


def test_load_reports_bad_rows_and_its_status_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_export(tmp_path / "deck", [person(), person("p02", birth_date="x")])
    status, out, err = run(capsys, "load", str(folder), "--data", str(tmp_path))
    assert status == 1
    assert "1 persons, 1 roots" in out
    assert "persons.jsonl:2: birth_date:" in err
    write_export(folder, [person()])
    assert run(capsys, "load", str(folder), "--data", str(tmp_path))[0] == 0
    assert run(capsys, "load", str(tmp_path / "nothing"), "--data", str(tmp_path))[0] == 2


def test_accounts_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(tmp_path))
    office = ("--office", "見本診療所", "--kind", "medical", "--institution-code", "9919910019", "--contact", "見本")
    assert run(capsys, "account", "add", *office, "--count", "2", *data)[1].count("ユーザー設定情報") == 2
    run(capsys, "account", "stop", "W0000001", *data)
    run(capsys, "account", "end", "W0000002", *data)
    assert run(capsys, "account", "list", *data)[1] == (
        "W0000001 stopped 9919910019 - 見本診療所\nW0000002 ended 9919910019 - 見本診療所\n"
    )
    run(capsys, "account", "resume", "W0000001", *data)
    assert "W0000001 active" in run(capsys, "account", "list", *data)[1]
    assert re.fullmatch(
        r"W0000001 アクティベーションコード \d{12}\n", run(capsys, "account", "release", "W0000001", *data)[1]
    )
    assert run(capsys, "account", "release", "W0000002", *data)[0] == 2
    assert run(capsys, "account", "stop", "W0000009", *data) == (2, "", "myna-backend: there is no account W0000009\n")
    care = ("--office", "見本", "--kind", "care", "--institution-code", "9919910019", "--contact", "見本")
    assert run(capsys, "account", "add", *care, *data)[0] == 2


def test_offices_and_those_who_sign_in_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(tmp_path))
    named = ("--office", "見本診療所", "--institution-code", "9919910019")
    office = (*named, "--kind", "medical", "--contact", "見本", "--starts-on", "2026-12-01")
    assert run(capsys, "office", "add", *office, *data) == (0, "", "")
    assert run(capsys, "office", "list", *data)[1] == "9919910019 medical 2026-12-01 見本診療所\n"
    assert run(capsys, "account", "list", *data)[1] == ""
    somebody = ("--name", "見本　花子", "--mail", "hanako@example.jp", "--role", "applicant", *named)
    printed = run(capsys, "user", "add", "hanako", *somebody, *data)[1]
    assert re.fullmatch(r"/portal　見本　花子　ユーザー名 hanako　パスワード [\w-]{16}\n", printed)
    assert run(capsys, "user", "list", *data)[1] == "hanako applicant hanako@example.jp 9919910019 見本診療所\n"
    renewed = run(capsys, "user", "password", "hanako", *data)[1]
    assert re.fullmatch(r"hanako パスワード [\w-]{16}\n", renewed)
    assert renewed.split()[-1] not in printed
    taken = run(capsys, "user", "add", "hanako", *somebody, *data)
    assert taken == (2, "", "myna-backend: there is a user hanako already\n")
    stranger = ("--office", "別の診療所", "--institution-code", "9919910019", *somebody[:6])
    assert run(capsys, "user", "add", "taro", *stranger, *data)[0] == 2
    with pytest.raises(SystemExit):
        run(capsys, "user", "add", "x", *somebody, *data)
    assert run(capsys, "user", "remove", "hanako", *data)[0] == 0
    assert run(capsys, "user", "remove", "hanako", *data) == (2, "", "myna-backend: there is no user hanako\n")


def test_persons_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ("--data", str(tmp_path))
    run(capsys, "load", str(write_export(tmp_path / "deck", [person()])), *data)
    for change in ("deny", "allow", "unpin"):
        assert run(capsys, "person", change, "p01", *data)[0] == 0
    assert run(capsys, "person", "deny", "p99", *data) == (2, "", "myna-backend: there is no person p99\n")


@pytest.mark.parametrize(
    "text",
    [
        "terms_version = 5",
        "issuer = 'http://plain.invalid'",
        "unknown = 1",
        "not toml",
        "notices = [{title = ''}]",
        "[maintenance]\nstarts_at = 2026-12-01T00:00:00\nends_at = 2026-12-01T03:00:00",
    ],
)
def test_settings_that_cannot_be_used_stop_the_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "backend.toml").write_text(text)
    status, _, err = run(capsys, "account", "list", "--data", str(tmp_path))
    assert status == 2
    assert "backend.toml" in err


def test_the_settings_file_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "backend.toml").write_text(
        'terms_version = "2.0"\n[minimum_app_version]\nversion = "1.0"\nfrom = 2027-01-01\n'
        '[[notices]]\ntitle = "保守"\ntext = "夜間"\nuntil = 2026-12-31\n'
        "[maintenance]\nstarts_at = 2026-12-01T00:00:00+09:00\nends_at = 2026-12-01T03:00:00+09:00\n"
    )
    assert run(capsys, "account", "list", "--data", str(tmp_path))[0] == 0
