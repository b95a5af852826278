"""Copies for the receipt computer: each profile writes what that computer takes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.export.profiles import DEFAULT, PROFILES, Item, everything, profile_of, value
from tests.ui.states import QUALIFICATION


@pytest.mark.parametrize(
    "profile, told",
    [
        ("as_received", {Item.BIRTHDATE: "19850412", Item.SYMBOL: "９９０１", Item.NAME_KANA: "ｶｸｳ ｲﾁﾛｳ"}),
        ("era_full_width", {Item.BIRTHDATE: "昭和６０年４月１２日", Item.NAME_KANA: "カクウ　イチロウ"}),
        ("gregorian_half_width", {Item.BIRTHDATE: "1985-04-12", Item.SYMBOL: "9901", Item.NAME: "架空 一郎"}),
        ("claims", {Item.BIRTHDATE: "3600412", Item.INSURER_NUMBER: "06990014", Item.BRANCH: "00"}),
    ],
)
def test_a_profile_decides_days_and_widths(profile: str, told: dict[Item, str]) -> None:
    assert {item: value(QUALIFICATION, item, PROFILES[profile]) for item in told} == told


def test_a_short_insurer_number_is_filled_with_zeros_where_the_profile_says_so() -> None:
    short = replace(QUALIFICATION, insurer_number="990036")
    assert value(short, Item.INSURER_NUMBER, PROFILES["claims"]) == "00990036"
    assert value(short, Item.INSURER_NUMBER, PROFILES["as_received"]) == "990036"


def test_leading_zeros_of_a_number_stay() -> None:
    one = replace(QUALIFICATION, insured_identification_number="０００４５６")
    assert value(one, Item.NUMBER, PROFILES["gregorian_half_width"]) == "000456"


def test_what_the_answer_does_not_hold_is_not_copied() -> None:
    nothing = replace(QUALIFICATION, insured_card_symbol=None, qualification_date=None, sex1="3")
    assert value(nothing, Item.SYMBOL, PROFILES[DEFAULT]) is None
    assert value(nothing, Item.QUALIFIED_ON, PROFILES[DEFAULT]) is None
    assert value(nothing, Item.SEX, PROFILES[DEFAULT]) is None


def test_the_sex_on_the_card_gives_way_to_the_one_the_insurer_shows() -> None:
    assert value(replace(QUALIFICATION, sex2="2"), Item.SEX, PROFILES[DEFAULT]) == "女"


def test_all_is_the_text_that_other_programs_know() -> None:
    text = everything(QUALIFICATION, PROFILES["gregorian_half_width"], date(2026, 11, 20))
    lines = text.split("\r\n")
    assert lines[:4] == ["資格情報", "確認日 : \t2026-11-20", "保険者番号\t06990014", "保険者名\t架空健康保険組合"]
    assert "生年月日\t1985-04-12" in lines
    assert "枝番\t00" in lines
    assert text.endswith("\r\n")


def test_an_unknown_profile_gives_way_to_the_default() -> None:
    assert profile_of("from_a_newer_version") is profile_of(None) is PROFILES[DEFAULT]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_profile_has_a_key_for_every_item(profile: object) -> None:
    assert sorted(profile.order) == sorted(Item)  # type: ignore[attr-defined] # the table's values are profiles


@given(st.text(max_size=12))
def test_a_day_that_is_none_is_copied_as_it_came(text: str) -> None:
    for profile in PROFILES.values():
        assert value(replace(QUALIFICATION, birthdate=text), Item.BIRTHDATE, profile) is not None
