"""Gaps of the GUI thread while the whole program works: real window, runner and backend, slow card, slow network."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from benchmarks.gaps import ticking
from benchmarks.table import Row
from myna_app.api.answers import Challenge, FaceCheck, VisitAnswer
from myna_app.api.client import BackendClient
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.formats.eligibility import Eligibility
from myna_app.parts import make_client
from myna_sandbox.virtual_card.card import Card
from myna_sandbox.world import DemoVault
from tests.story.practice import Practice, at_the_desk, pcs, practice_world

_VISITS = 100
_PERSONS = ("p01", "p07", "p08", "x2", "p09multi", "p02", "p03", "x1unticketed")
_NETWORK_SECONDS = 0.3
"""On top of each call: a line that is used for other things too."""
_INTERVAL_MS = 1


class SlowClient(BackendClient):
    def challenge(self) -> Challenge:
        time.sleep(_NETWORK_SECONDS)
        return super().challenge()

    def visit(self, challenge_id: UUID, certificate: bytes, signature: bytes, face_check: FaceCheck) -> VisitAnswer:
        time.sleep(_NETWORK_SECONDS)
        return super().visit(challenge_id, certificate, signature, face_check)

    def prove(self, visit_id: UUID, birth_date_record: bytes, issuer_certificate: bytes) -> Eligibility:
        time.sleep(_NETWORK_SECONDS)
        return super().prove(visit_id, birth_date_record, issuer_certificate)


@pytest.fixture
def practice(qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    with practice_world(tmp_path_factory) as world:
        seat = next(pcs(world, tmp_path_factory.mktemp("pcs")))
        vault = DemoVault()

        def slow_client(store: Any, device: Any) -> BackendClient:
            return make_client(store, device, vault, SlowClient)

        seat.parts = replace(seat.parts, client=slow_client)
        with at_the_desk(qtbot, seat) as playing:
            playing.desk.window.show()
            yield playing


def visit(practice: Practice, person: str, card: Card) -> None:
    """As slow as a real card is: seconds."""
    practice.desk.send(ev.FaceConfirmed(practice.desk.window._kit.clock()))
    practice.until(st.Reading)
    practice.tray.put(person, card, "timing")
    practice.until(st.Result)
    practice.home()


@pytest.mark.timeout(1800)
def test_gaps_over_visits_with_a_slow_card_and_a_slow_network(table: list[Row], practice: Practice) -> None:
    cards = {person: practice.world.sandbox.card(person) for person in _PERSONS}  # to make them is not the desk's work
    window = practice.desk.window
    with ticking(window, _INTERVAL_MS) as idle:
        practice.qtbot.wait(10_000)
    with ticking(window, _INTERVAL_MS) as turns:
        for number in range(_VISITS):
            person = _PERSONS[number % len(_PERSONS)]
            visit(practice, person, cards[person])
    what = f"gaps of the event loop, {_VISITS} visits, card 0.6 s and more, network 0.3 s a call"
    aim = f"p99 < 16 ms, worst < 50 ms (a turn every {_INTERVAL_MS} ms)"
    table.append(Row(what, turns.told(), f"the same window at rest: {idle.told()}", aim))
