"""Updates as an errand: looked for once a day by itself, at once when asked; a download that is left ends."""

from pathlib import Path
from threading import Event
from typing import NoReturn

import pytest

from myna_app.errands import LOOK_AGAIN_SECONDS, Errands
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import work as wk
from myna_app.flow.beside import Update, UpdateStage
from myna_app.services import Parts, Services
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from tests.card.fake_pcsc import FakePcsc
from tests.update.test_updates import NEWER, Server, updates
from tests.vault.memory import MemoryVault

FOUND = Update("1.10.0", "直しました", "Fixed")
OFFERED = se.UpdateReached(UpdateStage.OFFERED, FOUND)


class Desk:
    """Errands of a PC whose policy names an update server, or none; `told` is what came before an answer."""

    def __init__(self, home: Path, server: Server | None) -> None:
        folders = Folders(home / "c", home / "d", home / "p", home / "m", own_policy=True)
        store = SettingsStore(folders, {}, frozen=False)

        def never(*_anything: object) -> NoReturn:
            raise AssertionError("not needed here")

        parts = Parts(
            settings=lambda: store,
            vault=MemoryVault,
            pcsc=FakePcsc(),
            client=never,
            passcode=never,
            ledger=never,
            updates=lambda _store: None if server is None else updates(server, home / "updates"),
        )
        self.seconds = 0.0
        self.told: list[ev.Event] = []
        self.left = Event()
        self._errands = Errands(Services(parts), lambda: self.seconds)

    def do(self, work: wk.SideWork) -> ev.Event | None:
        return self._errands.do(work, self.told.append, self.left)


def test_by_itself_it_is_looked_once_a_day(tmp_path: Path) -> None:
    server = Server()
    desk = Desk(tmp_path, server)
    assert desk.do(wk.LookForUpdate()) == OFFERED
    assert desk.do(wk.LookForUpdate()) is None
    desk.seconds += LOOK_AGAIN_SECONDS - 1
    assert desk.do(wk.LookForUpdate()) is None
    assert len(server.asked) == 1
    desk.seconds += 1
    assert desk.do(wk.LookForUpdate()) == OFFERED


def test_whoever_asks_is_answered_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Server())
    assert [desk.do(wk.LookForUpdate(asked=True)) for _ in range(2)] == [OFFERED, OFFERED]


def test_without_a_channel_nothing_is_told_but_to_whoever_asks(tmp_path: Path) -> None:
    desk = Desk(tmp_path, None)
    assert desk.do(wk.LookForUpdate()) is None
    assert desk.do(wk.LookForUpdate(asked=True)) == se.UpdateReached(UpdateStage.OFF)


def test_a_false_manifest_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Server(**{"update.json": b'{"manifest": "", "signature": ""}'}))
    assert desk.do(wk.LookForUpdate(asked=True)) == se.UpdateReached(UpdateStage.REFUSED)


def test_a_download_tells_its_parts_and_is_whole(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Server())
    desk.do(wk.LookForUpdate())
    assert desk.do(wk.BringUpdate(FOUND)) == se.UpdateReached(UpdateStage.BROUGHT)
    parts = [told.part for told in desk.told if isinstance(told, se.UpdateReached)]
    assert parts == sorted(set(parts))
    assert parts[-1] == 1.0
    assert (tmp_path / "updates" / NEWER.file).exists()


def test_a_download_that_is_left_ends_and_leaves_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Server())
    desk.do(wk.LookForUpdate())
    desk.left.set()
    assert desk.do(wk.BringUpdate(FOUND)) is None
    assert list((tmp_path / "updates").iterdir()) == []


@pytest.mark.parametrize("work", [wk.BringUpdate, wk.StartUpdate])
def test_nothing_is_brought_or_started_that_was_not_offered(
    tmp_path: Path, work: type[wk.BringUpdate] | type[wk.StartUpdate]
) -> None:
    desk = Desk(tmp_path, Server())
    assert desk.do(work(Update("9.9.9", "", ""))) == se.UpdateReached(UpdateStage.OFF)
    assert desk.told == []
