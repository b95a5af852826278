"""The reader monitor against a service that comes and goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import pytest

from myna_app.card.pcsc import ReaderStatus
from myna_app.card.pcsc_errors import ScardCode
from myna_app.card.readers import ReaderMonitor, Readers, ReaderState, is_windows_hello
from myna_app.errors import Problem
from tests.card.fake_pcsc import FakePcsc

A, B = "ACS ACR1252 PICC 00 00", "Sony PaSoRi 01 00"


class Snapshots:
    """What a monitor tells its listener."""

    def __init__(self) -> None:
        self._queue: Queue[Readers] = Queue()
        self.put = self._queue.put

    def until(self, condition: Callable[[Readers], bool]) -> Readers:
        """The next snapshot for which the condition holds."""
        while True:
            readers = self._queue.get(timeout=20)
            if condition(readers):
                return readers

    def with_names(self, *names: str) -> Readers:
        return self.until(lambda readers: [one.name for one in readers.readers] == list(names))

    def nothing_waits(self) -> bool:
        try:
            self._queue.get_nowait()
        except Empty:
            return True
        return False


@contextmanager
def watching(api: FakePcsc) -> Iterator[Snapshots]:
    snapshots = Snapshots()
    monitor = ReaderMonitor(api, snapshots.put, retry_seconds=0.01)
    monitor.start()
    try:
        yield snapshots
    finally:
        monitor.stop()
    assert api.open_contexts == 0


def test_without_readers_the_first_snapshot_is_empty_and_comes_at_once() -> None:
    with watching(FakePcsc()) as snapshots:
        assert snapshots.until(lambda _: True) == Readers()


def test_who_asks_is_told_even_where_nothing_has_changed() -> None:
    api, snapshots = FakePcsc(), Snapshots()
    monitor = ReaderMonitor(api, snapshots.put, retry_seconds=0.01)
    monitor.start()
    try:
        before = snapshots.until(lambda _: True)
        monitor.look_again()
        assert snapshots.until(lambda _: True) == before
    finally:
        monitor.stop()


def test_readers_come_and_go() -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        assert snapshots.with_names(A).readers == (ReaderState(A),)
        api.plug(B)
        snapshots.with_names(A, B)
        api.unplug(A)
        snapshots.with_names(B)
        api.unplug(B)
        assert snapshots.with_names().service_running


def test_each_card_put_on_has_a_number_of_its_own() -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
        api.put_card(A)
        assert snapshots.until(lambda _: True).readers == (ReaderState(A, placement=1),)
        api.lift_card(A)
        assert snapshots.until(lambda _: True).readers == (ReaderState(A),)
        api.put_card(A)
        assert snapshots.until(lambda _: True).readers == (ReaderState(A, placement=2),)


def test_a_card_swapped_between_two_looks_is_a_new_placement() -> None:
    api = FakePcsc()
    api.plug(A)
    api.put_card(A)
    with watching(api) as snapshots:
        first = snapshots.with_names(A).readers[0].placement
        api.lift_and_put_card(A)
        second = snapshots.until(lambda _: True).readers[0].placement
    assert (first, second) == (1, 2)


def test_a_card_that_does_not_answer_is_present_and_mute() -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
        api.put_card(A, mute=True)
        (reader,) = snapshots.until(lambda _: True).readers
    assert (reader.card_present, reader.card_mute) == (True, True)


def test_a_reader_that_comes_back_with_a_card_has_a_new_placement() -> None:
    api = FakePcsc()
    api.plug(A)
    api.put_card(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
        api.unplug(A)
        snapshots.with_names()
        api.plug(A)
        api.put_card(A)
        assert snapshots.until(lambda readers: any(one.card_present for one in readers.readers)).readers == (
            ReaderState(A, placement=2),
        )


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        (ScardCode.F_COMM_ERROR, Problem.SERVICE_STOPPED),  # pcscd killed
        (ScardCode.P_SHUTDOWN, Problem.SERVICE_STOPPED),
        (ScardCode.E_SERVICE_STOPPED, Problem.READER_MISSING),  # Windows without a reader
        (ScardCode.E_NO_SERVICE, Problem.READER_MISSING),
    ],
)
def test_a_service_that_dies_is_told_and_watched_again_when_it_returns(code: ScardCode, problem: Problem) -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
        api.stop_service(code)
        stopped = snapshots.until(lambda _: True)
        assert (stopped.readers, stopped.problem, stopped.service_running) == ((), problem, False)
        api.start_service()
        assert snapshots.until(lambda _: True) == Readers((ReaderState(A),))
        api.plug(B)
        snapshots.with_names(A, B)


def test_after_a_restart_too_quick_to_see_the_same_readers_are_told_anew() -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
        api.stop_service(ScardCode.E_SYSTEM_CANCELLED)
        api.start_service()
        assert snapshots.with_names(A).readers == (ReaderState(A),)
        api.plug(B)
        assert all(not one.card_present for one in snapshots.with_names(A, B).readers)


def test_what_was_seen_keeps_the_count_of_insertions() -> None:
    status = ReaderStatus(A, 0x00050022)
    assert (status.seen().state, status.seen().event_count) == (0x00050020, 5)


def test_it_starts_without_a_service_and_without_a_reader() -> None:
    api = FakePcsc()
    api.stop_service(ScardCode.E_NO_SERVICE)
    with watching(api) as snapshots:
        assert snapshots.until(lambda _: True) == Readers(problem=Problem.READER_MISSING)
        api.plug(A)
        api.start_service()
        snapshots.with_names(A)


def test_the_same_snapshot_is_not_told_twice() -> None:
    api = FakePcsc()
    api.plug(A)
    with watching(api) as snapshots:
        snapshots.with_names(A)
    assert snapshots.nothing_waits()


@pytest.mark.parametrize(
    ("remembered", "present", "found"),
    [
        ("ACS ACR1252 PICC 00 00", ["ACS ACR1252 PICC 01 00"], "ACS ACR1252 PICC 01 00"),
        ("ACS ACR1252 PICC 00 00", ["ACS ACR1252 PICC 00 01"], None),  # another slot of the same housing
        ("ACS ACR1252 PICC 0", ["ACS ACR1252 PICC 1"], "ACS ACR1252 PICC 1"),
        ("ACS ACR1252 ICC 0", ["ACS ACR1252 PICC 0"], None),
        ("Sony PaSoRi 0", ["Sony PaSoRi 1", "Sony PaSoRi 0"], "Sony PaSoRi 0"),
        ("HID OMNIKEY 5022", ["HID OMNIKEY 5022 CL 0"], None),
        ("HID OMNIKEY 5022 CL 0", [], None),
    ],
)
def test_a_remembered_reader_is_found_whatever_number_it_has_today(
    remembered: str, present: list[str], found: str | None
) -> None:
    reader = Readers(tuple(ReaderState(name) for name in present)).find(remembered)
    assert (reader.name if reader else None) == found


def test_readers_that_windows_only_pretends_to_have_are_known() -> None:
    assert is_windows_hello("Windows Hello for Business 1")
    assert is_windows_hello("Microsoft Virtual Smart Card 0")
    assert not is_windows_hello("Sony FeliCa Port/PaSoRi 4.0 0")
