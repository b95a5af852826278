"""What M-13 tells of a 資格, in words and groups."""

from dataclasses import replace
from datetime import date

import pytest

from myna_app.formats.eligibility import Qualification
from myna_app.resources import resources_folder
from myna_app.ui.presentation import Group, Row, compared, day_of, groups, lost, odd_characters, told_apart
from myna_app.ui.texts import Language, Texts
from myna_sandbox.deck.person import load_deck
from tests.ui.states import EARLIER, LONG, LOST, QUALIFICATION

TEXTS = Texts.load(Language.JAPANESE, resources_folder() / "text")


def told(made: list[Group]) -> list[dict[str, str]]:
    return [{row.term: row.value for row in group} for group in made if group]


def test_a_qualification_is_told_in_the_order_it_is_typed_elsewhere() -> None:
    assert told(groups(TEXTS, QUALIFICATION)) == [
        {
            "氏名": "架空　一郎",
            "フリガナ": "カクウ イチロウ",
            "生年月日": "昭和60年4月12日（1985-04-12）",
            "性別": "男",
        },
        {
            "保険者番号": "06990014",
            "保険者名": "架空健康保険組合",
            "記号・番号": "９９０１・１２３（枝番00）",
            "本人・家族": "本人",
        },
        {"有効期限": "期限の記載なし", "資格取得日": "平成27年4月1日"},
    ]


def test_what_was_lost_is_told_without_numbers() -> None:
    assert [list(group) for group in told(lost(TEXTS, LOST))] == [
        ["氏名", "生年月日"],
        ["資格喪失日", "喪失の理由", "保険者名"],
    ]


def test_of_a_new_qualification_what_has_changed_stands_beside_what_was_before() -> None:
    changed = {row.term: (row.value, row.before) for group in compared(TEXTS, QUALIFICATION, EARLIER) for row in group}
    assert {term: pair for term, pair in changed.items() if pair[1] is not None} == {
        "保険者番号": ("06990014", "01990027"),
        "保険者名": ("架空健康保険組合", "全国架空健康保険協会　見本支部"),
        "記号・番号": ("９９０１・１２３（枝番00）", "99000002・8（枝番00）"),
        "資格取得日": ("平成27年4月1日", "平成23年4月1日"),
        "資格喪失日": ("なし", "平成27年3月31日"),
        "喪失の理由": ("なし", "医療保険等の資格取得"),
    }
    assert changed["氏名"] == ("架空　一郎", None)


def test_twins_of_the_deck_are_told_apart() -> None:
    deck = load_deck(date(2026, 11, 20))
    twins = [Qualification(**one) for name in ("p09a", "p09b") for one in deck[name].eligibility["results"]]
    assert told_apart(TEXTS, twins, masked=False) == [
        "架空健康保険組合　５１　双子　あおい　（枝番03）",
        "架空健康保険組合　５１　双子　あかね　（枝番04）",
    ]
    assert told_apart(TEXTS, twins, masked=True) == [
        "架空健康保険組合　双子　あおい　（枝番03）",
        "架空健康保険組合　双子　あかね　（枝番04）",
    ]


def test_of_one_person_with_two_insurers_nothing_more_is_said_than_which() -> None:
    two = [QUALIFICATION, replace(QUALIFICATION, insurer_name="見本県架空市（国民健康保険）")]
    assert told_apart(TEXTS, two, masked=True) == ["架空健康保険組合", "見本県架空市（国民健康保険）"]


def test_days_and_the_end_of_a_hidden_number_are_told_only_where_nothing_else_differs() -> None:
    other = replace(QUALIFICATION, insured_identification_number="４５６")
    later = replace(QUALIFICATION, qualification_date="20200401")
    assert told_apart(TEXTS, [QUALIFICATION, other], masked=True) == [
        "架空健康保険組合　●●２３",
        "架空健康保険組合　●●５６",
    ]
    assert told_apart(TEXTS, [QUALIFICATION, later], masked=True) == [
        "架空健康保険組合　平成27年4月1日",
        "架空健康保険組合　令和2年4月1日",
    ]


def test_characters_that_claims_refuse_are_found() -> None:
    assert odd_characters("髙橋　﨑太郎𠮷") == {"髙", "﨑", "𠮷"}
    assert odd_characters("高橋　崎太郎●邉齋濱") == frozenset()
    name = next(row for group in groups(TEXTS, LONG) for row in group if row.term == "氏名")
    assert name.odd == {"髙"}


def test_a_row_does_not_show_itself() -> None:
    shown = repr(Row("氏名", "架空　一郎"))
    assert "架空" not in shown


@pytest.mark.parametrize("text", [None, "", "99999999", "20260230", "2026-01-01"])
def test_what_is_no_day_is_none(text: str | None) -> None:
    assert day_of(text) is None
