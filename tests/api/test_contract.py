"""The application's side of `docs/contract.md`: its examples, its codes, its rules about answers."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myna_app.api import models
from myna_app.api.clock import ServerClock
from myna_app.api.refusals import PROBLEMS
from myna_app.errors import ApiError, Problem

CONTRACT = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(\{\"verdict\".*?)```", CONTRACT, re.DOTALL)]
CODES = re.findall(r"^\| `(\w+)` \| \d{3} \|[^|]*\|[^|]*\| ([^|]+) \|$", CONTRACT, re.MULTILINE)


def proof(example: dict[str, Any]) -> models.Proved:
    return models.decode(models.PROOF, json.dumps({"eligibility": example}).encode())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"verdict {example['verdict']}")
def test_the_examples_of_the_contract_are_understood(example: dict[str, Any]) -> None:
    eligibility = proof(example).eligibility
    assert eligibility.verdict == example["verdict"]
    assert len(eligibility.results) == len(example["results"])
    assert eligibility.confirmed_at.tzinfo is not None


def test_there_is_an_example_for_every_verdict_and_care() -> None:
    assert sorted(str(example["verdict"]) for example in EXAMPLES) == ["1", "2", "3", "4", "5", "6", "None"]


@pytest.mark.parametrize(
    "member", ["verdict", "identity_confirmed", "card_proven", "confirmed_at", "results", "notices"]
)
@pytest.mark.parametrize("fault", ["missing", "null"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"verdict {example['verdict']}")
def test_a_required_member_that_is_missing_or_null_is_never_a_verdict(
    example: dict[str, Any], member: str, fault: str
) -> None:
    changed = {name: value for name, value in example.items() if name != member}
    if fault == "null":
        if member == "verdict":
            return  # null is the verdict of care offices; whether this office is one, the visit judges
        changed[member] = None
    with pytest.raises(ApiError) as caught:
        proof(changed)
    assert caught.value.problem is Problem.CONTRACT_BROKEN
    assert member in caught.value.detail


@pytest.mark.parametrize(
    "change",
    [
        {"identity_confirmed": False},
        {"card_proven": False},
        {"card_proven": 1},
        {"verdict": "1"},
        {"verdict": True},
        {"confirmed_at": "2026-11-20T01:02:15"},
        {"confirmed_at": 1_795_000_000},
        {"results": []},
        {"results": [EXAMPLES[0]["results"][0]] * 2},
        {"results": [{**EXAMPLES[0]["results"][0], "name": ""}]},
        {"results": [{**EXAMPLES[0]["results"][0], "birthdate": "1985-04-12"}]},
        {"superseded": EXAMPLES[0]["results"][0]},
        {"verdict": 4},
        {"verdict": 5},
        {"verdict": None},
    ],
)
def test_an_answer_whose_parts_contradict_each_other_is_not_shown(change: dict[str, Any]) -> None:
    assert EXAMPLES[0]["verdict"] == 1
    with pytest.raises(ApiError):
        proof({**EXAMPLES[0], **change})


def test_what_is_wrong_is_named_but_never_its_value() -> None:
    with pytest.raises(ApiError) as caught:
        proof({**EXAMPLES[0], "results": [{**EXAMPLES[0]["results"][0], "birthdate": "架空　一郎"}]})
    assert "birthdate" in caught.value.detail
    assert "架空" not in str(caught.value)


def test_an_unknown_verdict_is_kept_for_the_screen_that_refuses_it() -> None:
    assert proof({**EXAMPLES[0], "verdict": 99}).eligibility.verdict == 99


def test_unknown_members_and_notices_are_left_out() -> None:
    example = {**EXAMPLES[0], "later": 1, "notices": [{"code": "of_the_future"}, {"code": "certificate_in_grace"}]}
    assert [notice.code for notice in proof(example).eligibility.notices] == ["certificate_in_grace"]


def test_every_code_of_the_contract_has_its_problem_and_no_other_is_known() -> None:
    assert len(CODES) > 40
    assert set(PROBLEMS) == {code for code, _shown in CODES}


@pytest.mark.parametrize(("code", "shown"), CODES)
def test_a_code_is_told_as_the_contract_says(code: str, shown: str) -> None:
    for problem in re.findall(r"E-[A-Z]\d\d", shown):
        assert PROBLEMS[code].value == problem


@given(st.binary(max_size=300) | st.text(alphabet='{}[]"code:,1 ', max_size=60).map(str.encode))
@settings(deadline=None)
def test_whatever_a_refusal_holds_it_is_a_document_or_none(body: bytes) -> None:
    document = models.read_problem(body)
    assert document is None or re.fullmatch(r"[a-z][a-z0-9_]*", document.code)


@given(st.text(max_size=40) | st.none())
@settings(deadline=None)
def test_whatever_a_date_header_holds_the_time_stays_believable(date: str | None) -> None:
    clock = ServerClock()
    clock.observe(date)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(days=3651)


@pytest.mark.parametrize("date", ["Fri, 20 Nov 1626 01:02:15 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", ""])
def test_a_date_nobody_can_believe_changes_nothing(date: str) -> None:
    clock = ServerClock(wall=lambda: datetime(2026, 11, 20, tzinfo=UTC))
    clock.observe(date)
    assert clock.now() == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_clock_set_since_the_last_answer_is_noticed() -> None:
    ticks, wall = 0.0, datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    clock = ServerClock(wall=lambda: wall, monotonic=lambda: ticks)
    assert clock.seconds_off() == 0
    clock.observe("Fri, 20 Nov 2026 01:02:00 GMT")
    assert clock.seconds_off() == -120
    ticks += 60
    wall += timedelta(seconds=60, hours=1)
    assert clock.seconds_off() == 3480
