"""Versions sort by their numbers, whatever follows them."""

from myna_app.formats.version import version_number


def test_versions_sort_by_their_numbers() -> None:
    ordered = ["", "rc", "0.9", "1", "1.0.1", "1.2.0", "1.10.0-rc1", "2"]
    assert sorted(ordered, key=version_number) == ordered
    assert version_number("1.10.2-rc1") == (1, 10, 2)
