"""Copies for the receipt computer: each profile writes what that computer takes."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.export.items import ITEMS, Item
from myna_app.export.profiles import (
    PROFILES,
    CopyProfile,
    DayForm,
    ProfileName,
    Separator,
    Width,
    everything,
    own_profile,
    value,
)
from myna_app.formats.eligibility import ElderlyRecipientCertificate, LimitApplicationCertificate
from tests.ui.states import QUALIFICATION

PLAIN = PROFILES[ProfileName.AS_RECEIVED]


@pytest.mark.parametrize(
    "profile, told",
    [
        (ProfileName.AS_RECEIVED, {Item.BIRTHDATE: "19850412", Item.SYMBOL: "９９０１", Item.NAME_KANA: "ｶｸｳ ｲﾁﾛｳ"}),
        (ProfileName.ERA_FULL_WIDTH, {Item.BIRTHDATE: "昭和６０年４月１２日", Item.NAME_KANA: "カクウ　イチロウ"}),
        (ProfileName.GREGORIAN_HALF_WIDTH, {Item.BIRTHDATE: "1985-04-12", Item.SYMBOL: "9901", Item.NAME: "架空 一郎"}),
        (ProfileName.CLAIMS, {Item.BIRTHDATE: "3600412", Item.INSURER_NUMBER: "06990014", Item.BRANCH: "00"}),
    ],
)
def test_a_profile_decides_days_and_widths(profile: ProfileName, told: dict[Item, str]) -> None:
    assert {item: value(QUALIFICATION, item, PROFILES[profile]) for item in told} == told


def test_a_short_insurer_number_is_filled_with_zeros_where_the_profile_says_so() -> None:
    short = replace(QUALIFICATION, insurer_number="990036")
    assert value(short, Item.INSURER_NUMBER, PROFILES[ProfileName.CLAIMS]) == "00990036"
    assert value(short, Item.INSURER_NUMBER, PLAIN) == "990036"


def test_zeros_are_as_wide_as_the_number_they_fill() -> None:
    own = own_profile("number", DayForm.COMPACT, Width.AS_RECEIVED, "number:6", Separator.TAB)
    assert value(QUALIFICATION, Item.NUMBER, own) == "０００１２３"
    assert value(replace(QUALIFICATION, insured_identification_number="12"), Item.NUMBER, own) == "000012"


def test_leading_zeros_of_a_number_stay() -> None:
    one = replace(QUALIFICATION, insured_identification_number="０００４５６")
    assert value(one, Item.NUMBER, PROFILES[ProfileName.GREGORIAN_HALF_WIDTH]) == "000456"


def test_what_the_answer_does_not_hold_is_not_copied() -> None:
    nothing = replace(QUALIFICATION, insured_card_symbol=None, qualification_date=None, sex1="3")
    assert value(nothing, Item.SYMBOL, PLAIN) is None
    assert value(nothing, Item.QUALIFIED_ON, PLAIN) is None
    assert value(nothing, Item.SEX, PLAIN) is None


def test_the_sex_on_the_card_gives_way_to_the_one_the_insurer_shows() -> None:
    assert value(replace(QUALIFICATION, sex2="2"), Item.SEX, PLAIN) == "女"


def test_all_is_the_text_that_other_programs_know() -> None:
    text = everything(QUALIFICATION, PROFILES[ProfileName.GREGORIAN_HALF_WIDTH], date(2026, 11, 20))
    lines = text.split("\r\n")
    assert lines[:3] == ["資格情報", "確認日 : \t2026-11-20", "保険者番号\t06990014"]
    assert "保険者名\t架空健康保険組合" in lines
    assert "生年月日\t1985-04-12" in lines
    assert "枝番\t00" in lines
    assert text.endswith("\r\n")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_profile_holds_every_item_once(profile: CopyProfile) -> None:
    assert sorted(profile.order) == sorted(Item)


def test_what_programs_read_stands_below_the_heading_they_look_for() -> None:
    elderly = replace(
        QUALIFICATION,
        insured_name="架空　太郎",
        address="見本県例示町１",
        insured_card_valid_date="20150401",
        insured_partial_contribution_ratio="030",
        elderly_recipient_certificate_info=ElderlyRecipientCertificate(None, "20260801", "20270731", "020"),
        limit_application_certificate_related_info=LimitApplicationCertificate(
            "01", "A01", None, "20260901", "20270731", None
        ),
    )
    lines = everything(elderly, PLAIN, date(2026, 11, 20)).split("\r\n")
    first, second = lines.index("高齢受給者証"), lines.index("限度額適用認定証")
    assert {"本人・家族の別\t本人", "被保険者氏名\t架空　太郎", "住所\t見本県例示町１", "負担割合\t3割"} <= set(
        lines[:first]
    )
    assert "有効開始日\t20150401" in lines[:first]
    assert lines[first + 1 : second] == ["有効開始日\t20260801", "有効終了日\t20270731", "負担割合\t2割"]
    assert lines[second + 1 : -1] == ["有効開始年月日\t20260901", "有効終了年月日\t20270731"]


def test_no_label_stands_twice_in_a_section() -> None:
    """A reader of the clipboard stops where one does: a text holds one person."""
    labels = [(source.section, source.label) for source in ITEMS.values()]
    assert len(set(labels)) == len(labels) == len(Item)


@pytest.mark.parametrize(
    "separator, told",
    [
        (Separator.TAB, "1985-04-12\t\t00006990014"),
        (Separator.COMMA, "1985-04-12,,00006990014"),
        (Separator.LINE, "1985-04-12\r\n\r\n00006990014\r\n"),
    ],
)
def test_an_own_profile_has_its_items_in_its_order_and_keeps_the_place_of_what_is_missing(
    separator: Separator, told: str
) -> None:
    own = own_profile(
        "birthdate, share,insurer_number,birthdate", DayForm.GREGORIAN, Width.HALF, "insurer_number:11", separator
    )
    assert everything(QUALIFICATION, own, date(2026, 11, 20)) == told


def test_a_comma_in_a_value_parts_nothing() -> None:
    own = own_profile("name,sex", DayForm.COMPACT, Width.AS_RECEIVED, None, Separator.COMMA)
    assert everything(replace(QUALIFICATION, name="Doe, J"), own, date(2026, 11, 20)) == '"Doe, J",男'


def test_an_own_profile_without_items_has_all_of_them() -> None:
    assert own_profile(None, DayForm.ERA, Width.FULL, None, Separator.TAB).order == tuple(Item)


@given(st.text(max_size=12))
def test_a_day_that_is_none_is_copied_as_it_came(text: str) -> None:
    for profile in PROFILES.values():
        assert value(replace(QUALIFICATION, birthdate=text), Item.BIRTHDATE, profile) is not None
