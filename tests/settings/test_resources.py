"""Where texts, icons and sounds are found."""

from datetime import date
from pathlib import Path

import pytest

from myna_app import resources


def test_a_working_copy_has_its_resources_beside_the_code() -> None:
    assert (resources.resources_folder() / "text").is_dir()


def test_an_installed_program_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    (tmp_path / "_resources").mkdir()
    assert resources.resources_folder() == tmp_path / "_resources"


@pytest.mark.parametrize(
    "content, day", [("2026-11-20\n", date(2026, 11, 20)), ("soon", None), ("", None), (None, None)]
)
def test_a_build_knows_the_day_of_its_commit_and_a_run_from_sources_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, day: date | None
) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    (tmp_path / "_resources").mkdir()
    if content is not None:
        (tmp_path / "_resources" / "built.txt").write_text(content, "utf-8")
    assert resources.built_on() == day
