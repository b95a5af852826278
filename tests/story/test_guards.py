"""What must not happen: copied cards, changed keys, replays, doubled visits, cards near lock-out."""

from datetime import date

import pytest

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow.work import BirthDateReason
from tests.parts import Pcscd, ReferenceBackend, card
from tests.story.reception import Reception


@pytest.fixture(scope="module")
def clinic(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Reception:
    desk = Reception(backend, tmp_path_factory.mktemp("clinic"))
    desk.set_up(backend.new_account())
    return desk


def trouble(clinic: Reception) -> tuple[Problem, str]:
    screen = clinic.read()
    assert isinstance(screen, st.Trouble), screen
    found = screen.report.problem, screen.report.detail
    clinic.clear()
    return found


def test_a_copied_card_is_refused_for_its_signature(clinic: Reception) -> None:
    with card("copied"):
        assert trouble(clinic) == (Problem.CARD_NOT_PROVEN, "HTTP 422 card_signature")


def test_a_forged_record_is_refused_for_the_issuers_signature(clinic: Reception) -> None:
    with card("forged"):
        assert trouble(clinic) == (Problem.CARD_NOT_PROVEN, "HTTP 422 record_signature")


def test_a_changed_card_key_is_refused_until_administration_clears_it(
    clinic: Reception, backend: ReferenceBackend
) -> None:
    with card("p01"):
        assert isinstance(clinic.read(), st.Result)
        clinic.clear()
    with card("changedkey"):
        assert trouble(clinic) == (Problem.CARD_KEY_CHANGED, "card_key_changed")
    with card("copied"):
        assert trouble(clinic) == (Problem.CARD_KEY_CHANGED, "card_key_changed")
    backend.person("unpin", "p01")
    with card("changedkey"):
        assert isinstance(clinic.read(), st.Result)
        clinic.clear()
    backend.person("unpin", "p01")


def test_with_four_tries_left_the_key_is_presented_only_when_staff_typed_the_printed_date(clinic: Reception) -> None:
    with card("fourtries", "--fresh"):
        asked = clinic.read()
        assert asked == st.BirthDateEntry(BirthDateReason.FEW_TRIES)
        clinic.send(ev.BirthDateTyped(date(1950, 1, 1)))
        screen = clinic.until(st.Trouble)
        assert screen.report.problem is Problem.BIRTH_DATE_SPARED
        clinic.clear()
        clinic.until_desk(lambda desk: desk.reader is not None and desk.reader.card_present)
    with card("fourtries"):
        assert isinstance(clinic.read(), st.BirthDateEntry)
        clinic.send(ev.BirthDateTyped(date(1977, 7, 7)))
        assert clinic.until(st.Result).eligibility.verdict == 1
        clinic.clear()


def test_a_held_visit_that_is_given_up_leaves_the_card_for_the_next_one(clinic: Reception) -> None:
    with card("partial"):
        assert clinic.read() == st.BirthDateEntry(BirthDateReason.NOT_KNOWN)
        clinic.send(ev.Back())
        clinic.until(st.FaceCheck)
    with card("p01"):
        assert isinstance(clinic.read(), st.Result)
        clinic.clear()


def test_a_refused_key_is_never_presented_again_in_the_same_form(clinic: Reception) -> None:
    with card("foreign", "--fresh"):
        assert trouble(clinic)[0] is Problem.BIRTH_DATE_REFUSED
    with card("foreign"):
        assert isinstance(clinic.read(), st.Result), "the other form opens it at a later visit"
        clinic.clear()
