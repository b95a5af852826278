"""What the doctor says of this terminal's standing and of the room on the disk, and what a full disk tells."""

from collections import namedtuple
from datetime import date
from pathlib import Path

import pytest

from myna_app.api.answers import MinimumVersion, TerminalStatus, TerminalStatusCode
from myna_app.diagnostics import standing
from myna_app.errors import Problem
from myna_app.flow.beside import Outcome
from myna_app.formats.facility import Facility, FacilityKind
from myna_app.resources import resources_folder
from myna_app.settings import files
from myna_app.settings.files import disk_full, free_megabytes
from myna_app.ui.check_words import check_words
from myna_app.ui.texts import Language, Texts

TODAY = date(2026, 11, 20)
Usage = namedtuple("Usage", "total used free")


def told(**changes: object) -> TerminalStatus:
    values: dict[str, object] = {
        "terminal_id": "7K3D9QXM2H4TVB83",
        "status": TerminalStatusCode.ACTIVE,
        "facility": Facility("見本診療所", FacilityKind.MEDICAL),
        "contact": "000-000-0000",
        "notices": (),
        "required_terms_version": "1.2",
        "agreed_terms_version": "1.2",
        "service_starts_on": date(2026, 12, 1),
    }
    return TerminalStatus(**(values | changes))  # type: ignore[arg-type] # the keywords are the fields


@pytest.mark.parametrize(
    ("status", "checks"),
    [
        (told(), [("terminal", Outcome.GOOD, None)]),
        (told(minimum_app_version=MinimumVersion("0.0.1", TODAY)), [("terminal", Outcome.GOOD, None)]),
        (told(status=TerminalStatusCode.NOT_STARTED), [("terminal", Outcome.BAD, Problem.NOT_STARTED)]),
        (
            told(required_terms_version="1.3"),
            [("terminal", Outcome.GOOD, None), ("terms", Outcome.BAD, None)],
        ),
        (
            told(minimum_app_version=MinimumVersion("99.0", TODAY)),
            [("terminal", Outcome.GOOD, None), ("version", Outcome.BAD, Problem.UPDATE_REQUIRED)],
        ),
        (
            told(minimum_app_version=MinimumVersion("99.0", date(2026, 11, 21))),
            [("terminal", Outcome.GOOD, None), ("version", Outcome.GOOD, None)],
        ),
    ],
)
def test_what_keeps_a_terminal_from_working_is_told(
    status: TerminalStatus, checks: list[tuple[str, Outcome, Problem | None]]
) -> None:
    assert [(one.name, one.outcome, one.problem) for one in standing(status, TODAY)] == checks


def test_every_such_finding_has_words_in_both_languages() -> None:
    soon = MinimumVersion("99.0", date(2026, 12, 1))
    findings = [*standing(told(required_terms_version="1.3", minimum_app_version=soon), TODAY)]
    words = {
        language: [check_words(Texts.load(language, resources_folder() / "text"), one) for one in findings]
        for language in Language
    }
    assert words[Language.JAPANESE] == [
        "端末の状態　使えます",
        "利用規約　変わりました。アプリを開いて、同意してください　1.3",
        "アプリの版　この日から、新しい版が必要です　2026-12-01",
    ]
    assert words[Language.ENGLISH][2].endswith("is needed from this day on　2026-12-01")


def test_room_is_measured_where_the_folder_will_be(tmp_path: Path) -> None:
    assert free_megabytes(tmp_path / "not" / "there" / "yet") is not None


@pytest.mark.parametrize(("free", "facts"), [(12 * 2**20, {"megabytes": 12}), (90_000 * 2**20, {})])
def test_a_full_disk_says_how_much_is_left_where_that_is_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, facts: dict[str, int]
) -> None:
    monkeypatch.setattr(files.shutil, "disk_usage", lambda _folder: Usage(10**12, 10**12 - free, free))
    assert disk_full(tmp_path / "settings.toml").facts == facts
