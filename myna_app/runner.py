"""Moves the journey: takes events, steps, shows the new state, and has the work done that it names.

Everything here happens on one thread, the owner's (the window's): workers and the reader monitor hand their news over
through `post`. Each piece of work runs on a thread of its own; what a state no longer names is dropped, and its late
answer goes nowhere.
"""

import time
from collections.abc import Callable
from threading import Event, Thread

from myna_app.apdu.channel import ExtendedLength
from myna_app.card.connection import others_let_go
from myna_app.card.readers import ReaderMonitor, Readers, ReaderState, is_windows_hello
from myna_app.duties import Duties
from myna_app.errors import Problem
from myna_app.flow import State, start, step
from myna_app.flow import events as ev
from myna_app.flow import photograph as ph
from myna_app.flow import work as wk
from myna_app.flow.states import Capability, Reader, Trouble
from myna_app.services import Parts

SAME_PLACEMENT_SECONDS = 2.0
"""A card back on the reader within this time was only shifted."""

_CAPABILITY = {
    ExtendedLength.UNKNOWN: Capability.UNKNOWN,
    ExtendedLength.PASSES: Capability.EXTENDED,
    ExtendedLength.SHORT_ONLY: Capability.SHORT,
}
_SAME_VISIT = wk.HoldVisit | wk.FinishVisit | ph.ReadPhotograph | ph.ConfirmPerson | ph.RejectPerson
_STOPPED_WHEN_LEFT = wk.RunVisit | wk.TestReader | wk.BringUpdate | wk.AwaitBackend | _SAME_VISIT

Post = Callable[[Callable[[], None]], None]
"""Has a call made soon on the owner's thread; may be called from any thread."""


class Runner:
    """`start`, then `send` what people do; `show` is called with every new state."""

    def __init__(self, parts: Parts, post: Post, clock: Callable[[], float] = time.monotonic) -> None:
        self._post = post
        self._clock = clock
        self._duties = Duties(parts)
        self._monitor = ReaderMonitor(parts.pcsc, self._on_readers)
        self._show: Callable[[State], None] = lambda _state: None
        self._state = start()
        self._number = 0
        self._visit_cancelled = Event()
        self._in_use_left = Event()
        self._pcsc = parts.pcsc
        self._readers = Readers()
        self._placed: int | None = None
        self._lifted_at = -SAME_PLACEMENT_SECONDS
        self._went_with_reader = False
        self._stopped = False

    @property
    def state(self) -> State:
        return self._state

    def start(self, show: Callable[[State], None]) -> None:
        """Show the first state and begin."""
        self._show = show
        show(self._state)
        self._begin_work()
        self._monitor.start()

    def send(self, event: ev.Event) -> None:
        """Something happened. Only on the owner's thread."""
        before, self._state = self._state, step(self._state, event)
        if self._state is before or self._stopped:
            return
        if self._state.work != before.work:
            self._number += 1
            goes_on = isinstance(self._state.work, _SAME_VISIT)
            if isinstance(before.work, _STOPPED_WHEN_LEFT) and not goes_on:
                self._drop_visit()
            self._begin_work()
        self._show(self._state)
        if _in_use(self._state) != _in_use(before):
            self._watch_others()
        if self._state.desk.chosen_reader != before.desk.chosen_reader:
            self._tell_readers(self._readers)  # names and placements are told in view of the chosen one

    def stop(self) -> None:
        """End watching and drop what runs. Work in the network is left to end with the process."""
        self._stopped = True
        self._number += 1
        self._drop_visit()
        self._in_use_left.set()
        self._monitor.stop()

    def _begin_work(self) -> None:
        work, number = self._state.work, self._number
        if work is None or isinstance(work, wk.HoldVisit):
            return
        if isinstance(work, wk.LookForReaders):
            self._monitor.look_again()
            return

        cancelled = self._visit_cancelled

        def tell(event: ev.Event) -> None:
            self._post(lambda: self._take(number, event))

        def run() -> None:
            event = self._duties.answer(work, tell, cancelled)
            if event is not None:
                tell(event)

        Thread(target=run, daemon=True).start()

    def _drop_visit(self) -> None:
        self._visit_cancelled.set()
        self._visit_cancelled = Event()
        self._duties.drop()

    def _watch_others(self) -> None:
        """While the screen says that another program keeps the card, wait for that program; it may take for ever."""
        self._in_use_left.set()
        chosen = self._state.desk.chosen_reader
        found = None if chosen is None else self._readers.find(chosen)
        if found is None or not _in_use(self._state):
            return
        name, left = found.name, Event()
        self._in_use_left = left

        def run() -> None:
            if others_let_go(self._pcsc, name, left):
                self._post(lambda: self.send(ev.ReaderFree()))

        Thread(target=run, daemon=True).start()

    def _take(self, number: int, event: ev.Event) -> None:
        """An answer counts only while the state still names the work it belongs to."""
        if number == self._number:
            self.send(event)

    def _on_readers(self, readers: Readers) -> None:
        """On the monitor's thread."""
        self._duties.services.cards.update(readers)
        self._post(lambda: self._tell_readers(readers))

    def _tell_readers(self, readers: Readers) -> None:
        self._readers = readers
        chosen = self._state.desk.chosen_reader
        found = readers.find(chosen) if chosen is not None else None
        self.send(ev.ReadersChanged(tuple(self._shown(one, found) for one in readers.readers), readers.service_running))
        before, self._placed = self._placed, None if found is None else found.placement
        if before is not None and self._placed is None:
            self._lifted_at = self._clock()
            self._went_with_reader = found is None
            self.send(ev.CardLifted())
        elif self._placed not in (None, before) and self._clock() - self._lifted_at >= SAME_PLACEMENT_SECONDS:
            self.send(ev.CardPlaced(self._clock(), with_reader=self._went_with_reader))
        elif found is not None and self._placed is None:
            self._went_with_reader = False

    def _shown(self, reader: ReaderState, chosen: ReaderState | None) -> Reader:
        """The chosen one goes by the name it is remembered by, however PC/SC numbers it today."""
        remembered = self._state.desk.chosen_reader
        name = remembered if reader is chosen and remembered is not None else reader.name
        capability = _CAPABILITY[self._duties.services.memory.of(reader.name).extended]
        return Reader(name, reader.card_present, not is_windows_hello(reader.name), capability)


def _in_use(state: State) -> bool:
    return isinstance(state.screen, Trouble) and state.screen.report.problem is Problem.READER_IN_USE
