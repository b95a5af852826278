"""Where texts, icons and sounds are found."""

from pathlib import Path

import pytest

from myna_app import resources


def test_a_working_copy_has_its_resources_beside_the_code() -> None:
    assert (resources.resources_folder() / "text").is_dir()


def test_an_installed_program_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    (tmp_path / "_resources").mkdir()
    assert resources.resources_folder() == tmp_path / "_resources"
