"""Characters of names that receipt computers refuse, by JIS level."""

import pytest

from myna_app.formats.jis import RareLevel, rare_level


@pytest.mark.parametrize("char", "高崎吉徳凜熙邉齋濱●　アｱA")
def test_what_jis_x_0208_holds_every_system_takes(char: str) -> None:
    assert rare_level(char) is None


@pytest.mark.parametrize(
    ("chars", "level"),
    [("﨑德濵瀨栁彅桒鷗", RareLevel.THIRD), ("䕃", RareLevel.FOURTH), ("髙𠮷", RareLevel.NONE)],
)
def test_rare_characters_are_told_by_their_level(chars: str, level: RareLevel) -> None:
    assert {rare_level(char) for char in chars} == {level}


def test_half_of_a_pair_is_in_no_set() -> None:
    assert rare_level("\ud842") is RareLevel.NONE
