"""The catalogue of words: complete in both languages, short, and kind."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from myna_app.errors import Problem
from myna_app.flow.beside import HandOver
from myna_app.flow.photograph import Objection
from myna_app.flow.states import Standing
from myna_app.flow.work import BirthDateReason
from myna_app.formats.facility import FacilityKind
from myna_app.passcode import Weakness
from myna_app.resources import resources_folder
from myna_app.ui.printed_date import DateFault
from myna_app.ui.texts import Action, Language, Texts, without_mnemonic
from tests.ui.wording import BANNED, LONGEST_TITLE, asks_for_something, wording_faults

ALL = [Texts.load(language, resources_folder() / "text") for language in Language]
JAPANESE = ALL[0]


FACTS: dict[str, str | int] = {
    "seconds": 30,
    "retry_after": 3600,
    "minutes": 7,
    "megabytes": 12,
    "service_starts_on": "2026-12-01",
    "ends_at": "2026-11-20T01:02:15Z",
    "contact": "見本県国保連合会　000-000-0000",
}
"""What a problem may know."""


def leaves(table: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def table(texts: Texts) -> dict[str, Any]:
    return dict(leaves(texts._table))


def placeholders(value: Any) -> list[str]:
    return sorted(re.findall(r"\{(\w+)", str(value)))


def test_both_languages_hold_the_same_keys_with_the_same_placeholders() -> None:
    japanese, english = (table(texts) for texts in ALL)
    assert japanese.keys() == english.keys()
    assert {key for key in japanese if placeholders(japanese[key]) != placeholders(english[key])} == set()


def test_no_english_text_was_forgotten_in_japanese() -> None:
    kana = re.compile(r"[ぁ-ん]")
    names_of_papers = re.compile(r"\([^)]*\)|“[^”]*”")
    found = {key for key, value in table(ALL[1]).items() if kana.search(names_of_papers.sub("", str(value)))}
    assert found == set()


@pytest.mark.parametrize("texts", ALL, ids=list(Language))
@pytest.mark.parametrize("problem", Problem)
def test_every_problem_is_told_in_four_parts_even_when_no_fact_is_known(texts: Texts, problem: Problem) -> None:
    for kind in FacilityKind:
        words = texts.for_kind(kind).problem(problem, {})
        told = [words.title, words.what, *words.steps, words.say or "nothing"]
        assert words.code == problem.value
        assert words.steps
        assert all(part.strip() and "{" not in part for part in told)


@pytest.mark.parametrize("texts", ALL, ids=list(Language))
def test_where_nothing_is_said_to_the_visitor_the_reason_stands(texts: Texts) -> None:
    for code, entry in texts._table["problem"].items():
        assert ("say" in entry) != ("say_none_because" in entry), code


@pytest.mark.parametrize("texts", ALL, ids=list(Language))
def test_the_catalogue_holds_problems_of_the_program_and_nothing_else(texts: Texts) -> None:
    assert set(texts._table["problem"]) == {problem.value for problem in Problem}
    for problem in Problem:
        words = texts.problem(problem, {})
        assert {words.main, words.second} - {None} <= set(Action)


def test_facts_of_a_problem_are_put_into_words() -> None:
    told = JAPANESE.problem(Problem.RATE_LIMITED, {"seconds": 30})
    assert told.steps[0].startswith("30秒待って")
    assert "残りは12 MBです。" in JAPANESE.problem(Problem.DISK_FULL, {"megabytes": 12}).what
    assert JAPANESE.problem(Problem.CLOCK_OFF, {"minutes": 7}).what == "時計が、正しい時刻から7分ずれています。"
    started = JAPANESE.problem(Problem.NOT_STARTED, {"service_starts_on": "2026-12-01", "contact": "見本 000"})
    assert started.what == "このアカウントは、2026年12月1日から使えます。"
    assert "見本 000" in started.steps[1]
    assert "JST" not in JAPANESE.problem(Problem.MAINTENANCE, {"ends_at": "2026-11-20T01:02:15Z"}).what


@pytest.mark.parametrize("bad", ["", "soon", "9999-99-99", "{contact}"])
def test_a_malformed_fact_counts_as_unknown(bad: str) -> None:
    assert "利用開始日から使えます" in JAPANESE.problem(Problem.NOT_STARTED, {"service_starts_on": bad}).what


@pytest.mark.parametrize("kind", FacilityKind)
@pytest.mark.parametrize("problem", Problem)
def test_japanese_problems_are_short_polite_and_end_in_something_to_do(problem: Problem, kind: FacilityKind) -> None:
    for facts in ({}, FACTS):
        words = JAPANESE.for_kind(kind).problem(problem, facts)
        parts = [words.what, *words.steps, *([] if words.say is None else [words.say])]
        assert len(words.title) <= LONGEST_TITLE
        assert len(words.steps) <= 3
        assert all(part.rstrip().endswith("。") or "・" in part for part in parts)
        assert [fault for part in (words.title, *parts) for fault in wording_faults(part)] == []
        assert any(asks_for_something(step) for step in words.steps)


def test_words_that_staff_do_not_use_are_not_used() -> None:
    found = [(key, word) for key, value in table(JAPANESE).items() for word in BANNED if word in str(value)]
    assert [(key, word) for key, word in found if not key.startswith("code.")] == []


def test_what_is_said_to_a_visitor_tells_nothing_of_money_or_health() -> None:
    for problem in Problem:
        say = JAPANESE.problem(problem, {}).say or ""
        assert not re.search(r"負担|円|病|生活保護|無効|失効", say), problem


def test_each_kind_of_office_has_its_own_word_for_people_and_way_out() -> None:
    persons = {kind: JAPANESE.for_kind(kind)("M-14.say_heading") for kind in FacilityKind}
    assert persons == {
        FacilityKind.MEDICAL: "患者さまへの一言",
        FacilityKind.TREATMENT: "患者さまへの一言",
        FacilityKind.CHECKUP: "受診者さまへの一言",
        FacilityKind.CARE: "利用者さまへの一言",
    }
    care = JAPANESE.for_kind(FacilityKind.CARE).problem(Problem.CERTIFICATE_EXPIRED, {})
    assert "介護被保険者証" in care.steps[0]


@pytest.mark.parametrize("texts", ALL, ids=list(Language))
def test_reasons_from_elsewhere_have_words(texts: Texts) -> None:
    for weakness in Weakness:
        assert texts.has(f"M-04.objection.{weakness}")
    for standing in Standing:
        assert Problem(texts(f"M-09.{standing}"))


def test_an_unknown_code_is_shown_as_unknown() -> None:
    assert JAPANESE.code("sex", "9") == "未知のコード（9）"
    assert JAPANESE.code("sex", "2") == "女"


def test_a_key_that_does_not_stand_raises() -> None:
    with pytest.raises(KeyError):
        JAPANESE("M-99.title")
    with pytest.raises(KeyError):
        JAPANESE("M-13.notice")
    with pytest.raises(KeyError):
        JAPANESE("M-13.title.more")


@pytest.mark.parametrize(
    "label, spoken",
    [
        ("次へ(&N)", "次へ"),
        ("← 戻る(&B)", "戻る"),
        ("&Next", "Next"),
        ("Check again (&R)", "Check again"),
        ("やめる", "やめる"),
    ],
)
def test_an_access_key_is_not_spoken(label: str, spoken: str) -> None:
    assert without_mnemonic(label) == spoken


@pytest.mark.parametrize("seconds, words", [(1, "1秒"), (60, "60秒"), (61, "2分"), (300, "5分"), (3600, "60分")])
def test_durations_are_whole(seconds: int, words: str) -> None:
    assert JAPANESE.duration(seconds) == words


def test_no_text_lies_unused() -> None:
    """A key stands in the source whole or by its last part, or under a prefix that is put together there."""
    tables = ("facility.", "unknown.", "problem.", "code.", "verdict.", "button.")
    built = (
        "M-04.objection.",
        "M-11.tested.",
        "M-12.step_",
        "M-13.notice.",
        "M-13.rare.",
        "M-21.sheet_",
        "M-22.",
        "M-25.",
        "M-27.source.",
        "M-27.fault.",
        "doctor.",
        "spelling.",
        "value.",
    )
    source = "\n".join(file.read_text() for file in Path("myna_app/ui").rglob("*.py"))
    parts = {part.lstrip(".") for part in re.findall(r"[\w.-]+", source)}
    states = {member.value for kind in (Standing, BirthDateReason, DateFault, Objection, HandOver) for member in kind}
    unused = {
        key
        for key in table(JAPANESE)
        if not key.startswith(tables + built)
        and not {key, key.rpartition(".")[2], key.removesuffix("_hint")} & (parts | states)
    }
    assert unused == set()
