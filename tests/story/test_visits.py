"""Visits through a real pcscd, with cards put on its virtual reader, against the real backend over HTTPS."""

import pytest

from myna_app.errors import Problem
from myna_app.flow import states as st
from myna_app.formats.eligibility import NoticeCode
from tests.parts import Pcscd, ReferenceBackend, card
from tests.story.reception import Reception


@pytest.fixture(scope="module")
def clinic(pcscd: Pcscd, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory) -> Reception:
    """One set-up medical terminal for the visits below, which follow one another as at a desk."""
    desk = Reception(backend, tmp_path_factory.mktemp("clinic"))
    desk.set_up(backend.new_account())
    return desk


def outcome(screen: object) -> int | str | None:
    match screen:
        case st.Result(eligibility):
            return eligibility.verdict
        case st.Trouble(report=report):
            return report.problem.value
    return type(screen).__name__


@pytest.mark.parametrize(
    ("person", "verdict"),
    [("p01", 1), ("p07", 2), ("p08", 3), ("x2", 4), ("p09multi", 5), ("x1unticketed", 6), ("p03", 1)],
)
def test_a_first_visit_takes_nine_apdus_and_a_second_four(clinic: Reception, person: str, verdict: int) -> None:
    for apdus in (9, 4):
        with card(person):
            assert outcome(clinic.read()) == verdict
            clinic.clear()
        assert (clinic.visits[0].outcome, clinic.visits[0].apdus) == (f"verdict {verdict}", apdus)


@pytest.mark.parametrize(
    ("person", "problem"),
    [
        ("expired", Problem.CERTIFICATE_EXPIRED),
        ("revoked", Problem.CERTIFICATE_UNUSABLE),
        ("unknown", Problem.CERTIFICATE_UNUSABLE),
        ("notyet", Problem.CERTIFICATE_NOT_YET_VALID),
        ("nocert", Problem.CERTIFICATE_MISSING),
        ("android", Problem.CARD_PHONE),
        ("iphone", Problem.CARD_PHONE),
        ("blank", Problem.CARD_OTHER),
        ("forged", Problem.CARD_NOT_PROVEN),
        ("unknowncard", Problem.CARD_NOT_PROVEN),
        ("locked", Problem.BIRTH_DATE_LOCKED),
    ],
)
def test_a_troublesome_card_ends_in_its_own_problem(clinic: Reception, person: str, problem: Problem) -> None:
    with card(person):
        screen = clinic.read()
        assert outcome(screen) == problem.value
        clinic.clear()
    with card("p01"):
        assert outcome(clinic.read()) == 1, "the program is ready for the next visitor"
        clinic.clear()


def test_a_visit_whose_network_was_away_goes_on_by_itself_while_its_card_lies_there(
    clinic: Reception, backend: ReferenceBackend
) -> None:
    with card("p01"):
        backend.stop()
        try:
            told = clinic.read()
        finally:
            backend.start()
        assert isinstance(told, st.Trouble)
        assert told.report.problem is Problem.BACKEND_UNREACHABLE
        assert clinic.until(st.Result).eligibility.verdict == 1
    assert any(state.mended for state in clinic.states)
    clinic.clear()


def test_a_certificate_in_its_grace_period_is_answered_with_the_notice(clinic: Reception) -> None:
    with card("grace"):
        screen = clinic.read()
        assert isinstance(screen, st.Result)
        assert NoticeCode.CERTIFICATE_IN_GRACE in {notice.code for notice in screen.eligibility.notices}
        clinic.clear()
