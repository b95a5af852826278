"""The Windows installer under Wine, over a stand-in for the program: what it leaves, keeps, refuses, puts back."""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.package import commit_time, make_installer
from installer.wine import Wine
from tests.parts import needs_room, wait_until

HOME = r"C:\Program Files\myna-app"
UNINSTALL_KEY = r"[Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\myna-app]"
POLICY_KEY = r"[Software\\Policies\\myna-app]"
SHORTCUT = r"C:\ProgramData\Microsoft\Windows\Start Menu\Programs\資格確認アプリ.lnk"
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wine]:
    needs_room()
    windows = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    windows.boot()
    yield windows
    windows.kill()


@pytest.fixture(scope="module")
def setups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Installers of three versions; each bundle has a file of its own version."""
    folder = tmp_path_factory.mktemp("setups")
    bundle = folder / "bundle"
    (bundle / "_internal").mkdir(parents=True)
    script = Path(__file__).with_name("stand_in.nsi")
    subprocess.run(["makensis", "-V1", "-NOCD", f"-DOUTPUT={bundle / 'myna-app.exe'}", script], check=True)
    shutil.copy(bundle / "myna-app.exe", bundle / "myna-app-console.exe")
    (bundle / "_internal" / "large.bin").write_bytes(random.Random(1).randbytes(2_000_000))
    made = {}
    for version in ("0.9.0", "1.0.0", "1.10.0"):
        own = bundle / "_internal" / f"only-in-{version}.txt"
        own.write_text(version, "utf-8")
        made[version] = folder / f"setup-{version}.exe"
        make_installer(bundle, version, made[version])
        own.unlink()
    return made


@pytest.fixture(autouse=True)
def clean(wine: Wine) -> Iterator[None]:
    yield
    (wine.drive / "stay.txt").unlink(missing_ok=True)
    if wine.path(HOME).exists():
        uninstall(wine)
    (wine.drive / "calls.txt").unlink(missing_ok=True)  # last: the uninstaller calls the program, too


def uninstall(wine: Wine, *switches: str) -> int:
    status = wine.run(wine.path(HOME + r"\uninstall.exe"), "/S", *switches).returncode
    wine.settle()
    return status


def files(wine: Wine) -> set[str]:
    """Everything on C:, but for the uninstaller's own copy, which Windows deletes at the next start."""
    names = {str(path.relative_to(wine.drive)) for path in wine.drive.rglob("*")}
    return {name for name in names if "~nsu" not in name}


def registry(wine: Wine) -> set[str]:
    """Key and value lines, without the list of files to delete at the next start and what Wine notes at each start."""
    found = set()
    for name in ("system.reg", "user.reg"):
        key = ""
        for line in (wine.prefix / name).read_text("utf-8", errors="replace").splitlines():
            if line.startswith("["):
                key = line.rpartition("]")[0] + "]"
                found.add(key)
            elif line.startswith('"') and not re.search("PendingFileRename|DriverDateData", line):
                found.add(f"{key} {line}")
    return {line for line in found if not re.search(r"Session Manager|NetworkCards|Software\\\\Wine", line)}


def assert_unchanged(before: set[str], after: set[str]) -> None:
    """Fails with what came (+) and went (-)."""
    changes = [f"+ {name}" for name in sorted(after - before)] + [f"- {name}" for name in sorted(before - after)]
    assert not changes, "\n".join(changes)


def value(wine: Wine, key: str, name: str) -> str | None:
    wine.settle()
    start = f'{key} "{name}"='
    return next((line.removeprefix(start).strip('"') for line in registry(wine) if line.startswith(start)), None)


def installed(wine: Wine) -> list[str]:
    folder = wine.path(HOME + r"\app\_internal")
    return sorted(file.name for file in folder.glob("only-in-*"))


def test_an_installer_made_twice_in_two_folders_is_the_same_file(tmp_path: Path) -> None:
    made = []
    for name in ("here", "there"):
        bundle = tmp_path / name / "bundle"
        bundle.mkdir(parents=True)
        (bundle / "myna-app.exe").write_bytes(random.Random(1).randbytes(100_000))
        os.utime(bundle / "myna-app.exe", (commit_time(), commit_time()))
        make_installer(bundle, "1.0.0", tmp_path / name / "setup.exe")
        made.append((tmp_path / name / "setup.exe").read_bytes())
    assert made[0] == made[1]


def test_installed_silently_it_is_in_the_start_menu_and_registered_and_uninstalled_nothing_is_left(
    wine: Wine, setups: dict[str, Path]
) -> None:
    wine.settle()
    files_before, registry_before = files(wine), registry(wine)
    assert wine.run(setups["1.0.0"], "/S", "/DESKTOP", "/AUTOSTART").returncode == 0
    assert value(wine, UNINSTALL_KEY, "DisplayVersion") == "1.0.0"
    assert value(wine, UNINSTALL_KEY, "InstallLocation") == HOME.replace("\\", "\\\\")
    assert wine.path(SHORTCUT).exists()
    added = files(wine) - files_before
    ours = ("Program Files/myna-app", "ProgramData/myna-app")
    elsewhere = sorted(name for name in added if not name.startswith(ours))
    assert [Path(name).name for name in elsewhere] == ["資格確認アプリ.lnk"] * 3
    assert uninstall(wine) == 0
    assert_unchanged(files_before, files(wine) - {"calls.txt"})
    assert_unchanged(registry_before, registry(wine))


def test_the_uninstaller_gives_the_registration_back_and_takes_the_users_data(
    wine: Wine, setups: dict[str, Path]
) -> None:
    assert wine.run(setups["1.0.0"], "/S").returncode == 0
    data = wine.path(rf"C:\users\{user(wine)}\AppData\Local\myna-app")
    data.mkdir(parents=True)
    (data / "settings.toml").write_text("", "utf-8")
    assert uninstall(wine) == 0
    assert "reset --yes" in (wine.drive / "calls.txt").read_text("utf-8")
    assert not data.exists()


def test_keepdata_keeps_registration_ledger_and_policy(wine: Wine, setups: dict[str, Path]) -> None:
    assert wine.run(setups["1.0.0"], "/S").returncode == 0
    data = wine.path(rf"C:\users\{user(wine)}\AppData\Local\myna-app")
    data.mkdir(parents=True)
    (data / "ledger.sqlite3").write_bytes(b"")
    policy = wine.path(r"C:\ProgramData\myna-app\policy.toml")
    policy.write_text("", "utf-8")
    assert uninstall(wine, "/KEEPDATA") == 0
    assert not (wine.drive / "calls.txt").exists()
    assert (data / "ledger.sqlite3").exists()
    assert policy.exists()
    assert not wine.path(HOME).exists()
    shutil.rmtree(data)
    shutil.rmtree(policy.parent)


def test_an_upgrade_takes_the_place_of_the_old_version_and_keeps_the_policy(
    wine: Wine, setups: dict[str, Path]
) -> None:
    assert wine.run(setups["0.9.0"], "/S").returncode == 0
    policy = wine.path(r"C:\ProgramData\myna-app\policy.toml")
    policy.write_text('backend_url = "https://b.example"', "utf-8")
    assert wine.run(setups["1.10.0"], "/S", r"/D=C:\elsewhere").returncode == 0
    assert installed(wine) == ["only-in-1.10.0.txt"]
    assert sorted(path.name for path in wine.path(HOME).iterdir()) == ["app", "uninstall.exe"]
    assert value(wine, UNINSTALL_KEY, "DisplayVersion") == "1.10.0"
    assert "b.example" in policy.read_text("utf-8")
    assert not (wine.drive / "elsewhere").exists()


def test_a_downgrade_is_refused_with_code_3(wine: Wine, setups: dict[str, Path]) -> None:
    assert wine.run(setups["1.10.0"], "/S").returncode == 0
    assert wine.run(setups["1.0.0"], "/S").returncode == 3
    assert installed(wine) == ["only-in-1.10.0.txt"]


def test_the_same_version_again_repairs(wine: Wine, setups: dict[str, Path]) -> None:
    assert wine.run(setups["1.0.0"], "/S").returncode == 0
    (wine.path(HOME) / "app" / "_internal" / "only-in-1.0.0.txt").unlink()
    assert wine.run(setups["1.0.0"], "/S").returncode == 0
    assert installed(wine) == ["only-in-1.0.0.txt"]


def test_an_upgrade_waits_for_the_running_program(wine: Wine, setups: dict[str, Path]) -> None:
    assert wine.run(setups["0.9.0"], "/S").returncode == 0
    stay = wine.drive / "stay.txt"
    stay.touch()
    with wine.start(wine.path(HOME + r"\app\myna-app.exe")) as running:
        wait_until((wine.drive / "calls.txt").exists, "the program runs")
        with wine.start(setups["1.0.0"], "/S") as upgrade:
            wait_until((wine.path(HOME) / "app.new" / "myna-app.exe").exists, "the new version is unpacked")
            assert installed(wine) == ["only-in-0.9.0.txt"]
            stay.unlink()
            assert upgrade.wait(300) == 0
        running.wait(300)
    assert installed(wine) == ["only-in-1.0.0.txt"]


def test_a_program_that_does_not_close_ends_the_upgrade_with_code_5(wine: Wine, setups: dict[str, Path]) -> None:
    assert wine.run(setups["0.9.0"], "/S").returncode == 0
    (wine.drive / "stay.txt").touch()
    with wine.start(wine.path(HOME + r"\app\myna-app.exe")) as running:
        wait_until((wine.drive / "calls.txt").exists, "the program runs")
        assert wine.run(setups["1.0.0"], "/S").returncode == 5
        (wine.drive / "stay.txt").unlink()
        running.wait(300)
    assert installed(wine) == ["only-in-0.9.0.txt"]
    assert sorted(path.name for path in wine.path(HOME).iterdir()) == ["app", "uninstall.exe"]


def test_an_uninstaller_that_is_waited_for_tells_by_code_5_that_the_program_still_runs(
    wine: Wine, setups: dict[str, Path]
) -> None:
    assert wine.run(setups["1.0.0"], "/S", r"/D=C:\myna").returncode == 0
    home = wine.path(r"C:\myna")
    (wine.drive / "stay.txt").touch()
    with wine.start(home / "app" / "myna-app.exe") as running:
        wait_until((wine.drive / "calls.txt").exists, "the program runs")
        assert wine.run(home / "uninstall.exe", "/S", r"_?=C:\myna").returncode == 5
        (wine.drive / "stay.txt").unlink()
        running.wait(300)
    assert (home / "app" / "myna-app.exe").exists()
    assert wine.run(home / "uninstall.exe", "/S", r"_?=C:\myna").returncode == 0
    assert not (home / "app").exists()
    shutil.rmtree(home, ignore_errors=True)  # no program deletes itself on Windows: uninstall.exe stays


@pytest.mark.parametrize("left", [("app.new",), ("app.new", "app.old"), ("app.old",)])
def test_an_upgrade_that_was_cut_off_is_made_good_by_the_next_one(
    wine: Wine, setups: dict[str, Path], left: tuple[str, ...]
) -> None:
    """Whenever the power went: while unpacking, between the two renames, or before the old version was removed."""
    assert wine.run(setups["0.9.0"], "/S").returncode == 0
    home = wine.path(HOME)
    for folder in left:
        shutil.copytree(home / "app", home / folder)
    if left == ("app.new", "app.old"):
        shutil.rmtree(home / "app")
    assert wine.run(setups["1.0.0"], "/S").returncode == 0
    assert installed(wine) == ["only-in-1.0.0.txt"]
    assert sorted(path.name for path in home.iterdir()) == ["app", "uninstall.exe"]


@contextmanager
def disk(wine: Wine, option: str) -> Iterator[Path]:
    r"""C:\disk, mounted with this option."""
    folder = wine.drive / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", option, "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        wine.kill()
        wait_until(lambda: subprocess.run(["umount", folder], check=False).returncode == 0, "nobody uses the disk")
        folder.rmdir()


@pytest.fixture(params=["size=1m", "ro"])
def unwritable(wine: Wine, request: pytest.FixtureRequest) -> Iterator[str]:
    """A folder with room for less than the program, or where nobody may write."""
    with disk(wine, request.param):
        yield r"C:\disk"


def test_a_full_disk_or_a_missing_right_ends_with_code_6_and_leaves_nothing(
    wine: Wine, setups: dict[str, Path], unwritable: str
) -> None:
    wine.settle()
    files_before, registry_before = files(wine), registry(wine)
    assert wine.run(setups["1.0.0"], "/S", rf"/D={unwritable}\myna-app").returncode == 6
    wine.settle()
    assert_unchanged(files_before, files(wine))
    assert_unchanged(registry_before, registry(wine))


def test_an_upgrade_for_which_the_disk_has_no_room_leaves_the_old_version(wine: Wine, setups: dict[str, Path]) -> None:
    with disk(wine, "size=3m") as folder:
        assert wine.run(setups["0.9.0"], "/S", r"/D=C:\disk\myna-app").returncode == 0
        before = {path.name for path in folder.rglob("*")}
        failed = wine.run(setups["1.0.0"], "/S")
        assert "Everything was put back" in failed.stdout
        assert failed.returncode == 6
        assert {path.name for path in folder.rglob("*")} == before
        assert value(wine, UNINSTALL_KEY, "DisplayVersion") == "0.9.0"
        assert wine.run(folder / "myna-app" / "uninstall.exe", "/S").returncode == 0
        wine.settle()


def test_a_policy_is_taken_and_a_missing_one_refused_with_code_4(
    wine: Wine, setups: dict[str, Path], tmp_path: Path
) -> None:
    for wrong in (r"C:\nothing here.toml", r"C:\windows", "", "Z:/etc/hostname"):  # a slash begins another switch
        assert wine.run(setups["1.0.0"], "/S", f"/POLICY={wrong}").returncode == 4, wrong
        assert not wine.path(HOME).exists()
    policy = tmp_path / "policy.toml"
    policy.write_text('contact = "係"', "utf-8")
    shutil.copy(policy, wine.drive / "rollout policy.toml")
    assert wine.run(setups["1.0.0"], "/S", r"/POLICY=C:\rollout policy.toml").returncode == 0
    assert wine.path(r"C:\ProgramData\myna-app\policy.toml").read_text("utf-8") == 'contact = "係"'
    (wine.drive / "rollout policy.toml").unlink()


def test_a_response_file_fills_in_the_office(wine: Wine, setups: dict[str, Path]) -> None:
    response = wine.drive / "response.ini"
    answers = "; ours\r\n[settings]\r\ndefault_institution_code = 9919910019\r\ndefault_reader_pattern=*Reader*\r\n"
    for encoding in ("ascii", "utf-16"):
        response.write_text(answers + "\r\n[install]\r\ndesktop=1", encoding, newline="")
        assert wine.run(setups["1.0.0"], "/S", r"/RESPONSE=C:\response.ini").returncode == 0
        assert value(wine, POLICY_KEY, "default_institution_code") == "9919910019"
        assert value(wine, POLICY_KEY, "default_reader_pattern") == "*Reader*"
        assert (wine.drive / "users/Public/Desktop/資格確認アプリ.lnk").exists()
        assert uninstall(wine) == 0
        assert POLICY_KEY not in registry(wine)
    response.unlink()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[settings]\r\npassword=x\r\n", "Line 2 of the response file, [settings] password,"),
        ("[settings]\r\nactivation_code=1\r\n", "Line 2 of the response file, [settings] activation_code,"),
        ("[install]\r\ndesktop=1\r\n\r\n Password = x\r\n", "Line 4 of the response file, [install] Password,"),
        ("[account]\r\npassword=x\r\n", "Line 2 of the response file, [account] password,"),
        ("[install]\r\ndesktopp=1\r\n", "Line 2 of the response file, [install] desktopp,"),
        ("\ufeff[install]\r\ndesktop=1\r\n", "Line 1 of the response file"),  # Windows does not see this group
        ("[install]\r\nx" + "y" * 5000, "Line 2 of the response file"),
    ],
)
def test_a_line_of_a_response_file_that_is_no_answer_is_named_and_nothing_is_installed(
    wine: Wine, setups: dict[str, Path], text: str, named: str
) -> None:
    response = wine.drive / "response.ini"
    response.write_text(text, "utf-8", newline="")
    done = wine.run(setups["1.0.0"], "/S", r"/RESPONSE=C:\response.ini")
    response.unlink()
    assert named in done.stdout
    assert done.returncode == 8
    assert not wine.path(HOME).exists()


def test_a_response_file_that_cannot_be_read_is_named(wine: Wine, setups: dict[str, Path]) -> None:
    for wrong in (r"C:\nothing.ini", r"C:\windows"):
        done = wine.run(setups["1.0.0"], "/S", f"/RESPONSE={wrong}")
        assert f"cannot be read: {wrong}" in done.stdout
        assert done.returncode == 8


def user(wine: Wine) -> str:
    names = [path.name for path in (wine.drive / "users").iterdir()]
    (name,) = [name for name in names if not re.fullmatch("Public|crossover", name)]
    return name
