"""The deck: its dates and its persons, on any day."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from myna_app.formats.eligibility import MedicalAnswer, Verdict
from myna_sandbox.deck.dates import birthday_after, resolve
from myna_sandbox.deck.person import invented_individual_number, load_deck
from myna_sandbox.home import Home
from myna_sandbox.personalise import Sandbox, UnknownPersonError

from .conftest import REFERENCE_DAY

ANY_DAY = st.dates(date(2026, 1, 1), date(2033, 12, 31))
"""Until the card of the public test persona ends, whose date is published and so not relative."""
FEW = settings(max_examples=25, deadline=None)
"""Each example reads the whole deck."""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", "2026-11-20"),
        ("+3m -1d", "2027-02-19"),
        ("+3m eom", "2027-02-28"),
        ("bom", "2026-11-01"),
        ("<04-12 -41y", "1985-04-12"),
        ("<11-20", "2026-11-20"),
        (">11-20", "2027-11-20"),
        ("+4m >04-12 -5y +50d", "2022-06-01"),
        ("1980-02-17", "1980-02-17"),
        ("2024-02-29 +1y", "2025-02-28"),
        ("2026-01-31 +1m", "2026-02-28"),
        ("2024-03-31 -1m", "2024-02-29"),
        ("2025-03-01 <02-29", "2025-02-28"),
        ("birth +7d", "2000-01-08"),
    ],
)
def test_the_notation_of_dates(text: str, meant: str) -> None:
    assert resolve(text, REFERENCE_DAY, {"birth": date(2000, 1, 1)}).isoformat() == meant


@pytest.mark.parametrize("text", ["tomorrow", "+3w", "<13", "1980-13-01"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a word|Invalid isoformat|month must"):
        resolve(text, REFERENCE_DAY)


def test_a_birthday_on_a_leap_day_falls_on_the_28th() -> None:
    assert birthday_after(date(2000, 2, 29), date(2021, 3, 1), 1) == date(2022, 2, 28)
    assert birthday_after(date(2000, 2, 29), date(2022, 2, 28), 2) == date(2024, 2, 29)


DATES_OF_THE_REFERENCE_DAY = {
    # id: birth date, card issued, card ends, certificate ends
    "p01": ("19850412", "20220601", "20320412", "20270412"),
    "p02": ("19540303", "20210820", "20310303", "20310303"),
    "p03": ("19900715", "20250310", "20280331", "20280331"),
    "p04": ("19711010", "20211201", "20311010", "20261010"),
    "p05": ("20210203", "20220509", "20270203", "20270203"),
    "p06": ("19430909", "20240201", "20330909", "20280909"),
    "p07": ("19791224", "20230110", "20321224", "20271224"),
    "p08": ("19980505", "20240615", "20340505", "20290505"),
    "p09a": ("20120606", "20230701", "20280606", "20280606"),
    "p09b": ("20120606", "20230701", "20280606", "20280606"),
    "p10": ("19440120", "20200201", "20300120", "20300120"),
    "x1": ("19670211", "20240401", "20340211", "20290211"),
    "x2": ("20030808", "20240301", "20330808", "20280808"),
    "x3": ("19600620", "20210701", "20310620", "20260620"),
    "persona": ("19800217", "20251027", "20350217", "20300217"),
}


@pytest.mark.parametrize("name", DATES_OF_THE_REFERENCE_DAY)
def test_on_the_reference_day_the_deck_is_the_published_table(name: str) -> None:
    person = load_deck(REFERENCE_DAY)[name]
    dates = (person.holder.birth_date, person.card.issued, person.card.ends, person.card.certificate_validity.last)
    assert tuple(f"{one:%Y%m%d}" for one in dates) == DATES_OF_THE_REFERENCE_DAY[name]


def grace_end(last: date) -> date:
    """End of the third month after the month in which a certificate expired."""
    return resolve("+3m eom", last)


@FEW
@given(reference=ANY_DAY, later=st.integers(0, 7))
def test_every_person_keeps_its_trait_on_any_day(reference: date, later: int) -> None:
    deck = load_deck(reference)
    today = reference + timedelta(days=later)
    in_three_months = resolve("+3m", today)
    for name, person in deck.items():
        validity = person.card.certificate_validity
        match name:
            case "expired" | "x3":
                assert grace_end(validity.last) < today
            case "grace" | "p04":
                assert validity.last < today <= grace_end(validity.last)
            case "soon" | "p05":
                assert today <= validity.last <= in_three_months
            case "notyet":
                assert validity.first > today
            case _:
                assert validity.first <= today
                assert validity.last > in_three_months, name


@FEW
@given(reference=ANY_DAY)
def test_ages_stay(reference: date) -> None:
    deck = load_deck(reference)

    def age(name: str) -> int:
        born = deck[name].holder.birth_date
        return reference.year - born.year - ((reference.month, reference.day) < (born.month, born.day))

    ages = {"p01": 41, "p02": 72, "p03": 36, "p05": 5, "p06": 83, "p09a": 14, "p10": 82, "child": 8, "infant": 0}
    assert {name: age(name) for name in ages} == ages
    assert not deck["child"].card.signing_certificate
    assert not deck["p09a"].card.signing_certificate


@FEW
@given(reference=ANY_DAY)
def test_every_eligibility_fits_the_contract(reference: date) -> None:
    adapter = TypeAdapter(MedicalAnswer)
    results = {1: (1,), 2: (0, 1), 3: (1,), 4: (0,), 5: (2, 3), 6: (1,)}
    for name, person in load_deck(reference).items():
        if person.eligibility is not None:
            answer = adapter.validate_json(json.dumps(person.eligibility))
            assert len(answer.results) in results[answer.verdict], name
            assert (answer.superseded is not None) == (answer.verdict == Verdict.SUPERSEDED)


def members(value: Any) -> set[str]:
    match value:
        case dict():
            return set(value) | {name for one in value.values() for name in members(one)}
        case list():
            return {name for one in value for name in members(one)}
    return set()


def test_no_member_of_an_eligibility_is_misspelt() -> None:
    schema = json.dumps(TypeAdapter(MedicalAnswer).json_schema())
    for person in load_deck(REFERENCE_DAY).values():
        for member in members(person.eligibility):
            assert f'"{member}"' in schema, f"{person.id}: {member}"


def test_all_verdicts_occur() -> None:
    verdicts = {one.eligibility["verdict"] for one in load_deck(REFERENCE_DAY).values() if one.eligibility}
    assert verdicts == set(Verdict)


def test_every_person_says_in_two_languages_what_it_is_for() -> None:
    for person in load_deck(REFERENCE_DAY).values():
        assert person.about_ja
        assert person.about_en
        assert "\n" not in person.about_ja + person.about_en


def test_invented_numbers_have_a_wrong_check_digit() -> None:
    # The real digit of this body is 8 (the public test persona's number).
    assert invented_individual_number("53768667718") == "537686677189"


def test_nobody_else_is_unknown(sandbox: Sandbox) -> None:
    with pytest.raises(UnknownPersonError):
        sandbox.person("p99")


def test_the_reference_day_is_kept_for_a_week_within_the_month(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = date(2026, 11, 20)
    assert home.reference_day(first) == first
    assert home.reference_day(first + timedelta(days=7)) == first
    assert home.reference_day(first + timedelta(days=8)) == first + timedelta(days=8)
    assert home.reference_day(date(2026, 12, 1)) == date(2026, 12, 1)
    assert home.reference_day(first) == first  # the clock went back


def test_a_key_is_made_once_and_read_by_everybody(tmp_path: Path) -> None:
    made = Home(tmp_path).key("one").private_numbers()
    assert Home(tmp_path).key("one").private_numbers() == made
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_key_that_several_make_at_once_is_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: Home(tmp_path).key("one").private_numbers(), range(4)))
    assert made == [made[0]] * 4
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["one.der"]
