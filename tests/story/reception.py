"""A terminal without windows: the program's own runner over real PC/SC, a real key store and real HTTPS."""

import queue
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import tomli_w

from myna_app.card.pcsc import PcscApi
from myna_app.card.scard import PyscardApi
from myna_app.flow import State
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.formats.secret import Secret
from myna_app.ledger import Ledger, VisitRow
from myna_app.parts import make_client, make_passcode, make_updates
from myna_app.runner import Runner
from myna_app.services import Parts
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from myna_app.vault import KeyringVault
from tests.parts import OfficeAccount, ReferenceBackend

READER = "Virtual PCD 00 00"
PASSCODE = Secret("4826")
S = TypeVar("S")


class Reception:
    """Sends what staff do, waits for what the screens would show."""

    def __init__(self, backend: ReferenceBackend, home: Path, pcsc: PcscApi | None = None) -> None:
        self.backend = backend
        self._pcsc = pcsc or PyscardApi()
        self.home = home
        self.folders = Folders(home / "config", home / "data", home / "policy", home / "machine", own_policy=True)
        self.vault = KeyringVault(self.folders.profile)
        self.ledger = Ledger(self.folders.ledger_file)
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self._runner: Runner | None = None
        self.states: list[State] = []
        self.write_policy()

    def write_policy(self, **more: object) -> None:
        """What holds from the next start on."""
        self.folders.policy.mkdir(parents=True, exist_ok=True)
        policy = {"backend_url": self.backend.address, "ca_file": str(self.backend.ca_file)} | more
        self.folders.policy_file.write_text(tomli_w.dumps(policy), "utf-8")

    def start(self) -> None:
        settings = SettingsStore(self.folders, {}, frozen=False)
        parts = Parts(
            settings=lambda: settings,
            vault=lambda: self.vault,
            pcsc=self._pcsc,
            client=lambda store, device: make_client(store, device, self.vault),
            passcode=make_passcode,
            ledger=lambda _settings: self.ledger,
            updates=make_updates,
        )
        self._runner = Runner(parts, self._calls.put)
        self._runner.start(self.states.append)

    def stop(self) -> None:
        if self._runner is not None:
            self._runner.stop()
            self._runner = None

    @property
    def state(self) -> State:
        return self.states[-1]

    def send(self, event: ev.Event) -> None:
        assert self._runner is not None
        self._runner.send(event)

    def until(
        self,
        screen: type[S] | tuple[type[S], ...],
        where: Callable[[S], bool] = lambda _screen: True,
        seconds: float = 120.0,
    ) -> S:
        """Let the program run until it stands at such a screen; fails after `seconds`."""

        def there(state: State) -> bool:
            return isinstance(state.screen, screen) and where(state.screen)

        found = self.until_state(there, seconds).screen
        assert isinstance(found, screen)
        return found

    def until_desk(self, where: Callable[[st.Desk], bool], seconds: float = 120.0) -> None:
        self.until_state(lambda state: where(state.desk), seconds)

    def until_state(self, where: Callable[[State], bool], seconds: float = 120.0) -> State:
        end = time.monotonic() + seconds
        while not where(self.state):
            try:
                self._calls.get(timeout=max(0.0, end - time.monotonic()))()
            except queue.Empty:
                raise AssertionError(f"waited in vain, stood at {self.state!r}") from None
        return self.state

    # --- what staff do -----------------------------------------------------------------------------------------------

    def set_up(self, account: OfficeAccount) -> None:
        """From the terms to the first face check."""
        self.start()
        self.agree()
        self.submit(account)
        self.until(st.Registered)
        self.send(ev.Confirmed())
        self.choose_passcode()
        self.send(ev.Confirmed())
        self.until(st.ReaderChoice)
        self.choose_reader()
        self.until(st.FaceCheck)

    def agree(self) -> None:
        self.until(st.TermsScreen, lambda screen: screen.terms is not None)
        self.send(ev.TermsAgreed())
        self.until(st.AccountEntry)

    def submit(self, account: OfficeAccount) -> None:
        form = st.AccountForm(
            account.institution_code, account.user_id, Secret(account.password), Secret(account.activation_code)
        )
        self.send(ev.AccountSubmitted(form))

    def choose_passcode(self) -> None:
        self.until(st.PasscodeChoice)
        self.send(ev.PasscodeTyped(PASSCODE))
        self.until(st.PasscodeRepeat)
        self.send(ev.PasscodeTyped(PASSCODE))
        self.until(st.PasscodeKept)

    def choose_reader(self) -> None:
        self.until_desk(lambda desk: any(reader.name == READER for reader in desk.readers))
        self.send(ev.ReaderPicked(READER))
        self.until_desk(lambda desk: desk.chosen_reader == READER)
        self.send(ev.Confirmed())

    def unlock(self) -> None:
        self.until(st.Locked, lambda screen: not screen.checking)
        self.send(ev.PasscodeTyped(PASSCODE))

    def confirm_face(self, seconds_ago: float = 0.0) -> None:
        self.until(st.FaceCheck)
        self.until_desk(lambda desk: not desk.card_left)
        self.send(ev.FaceConfirmed(time.monotonic() - seconds_ago))

    def read(self) -> st.Result | st.Trouble | st.Suspended | st.BirthDateEntry:
        """Face check, card, and whatever the visit comes to."""
        self.confirm_face()
        return self.until((st.Result, st.Trouble, st.Suspended, st.BirthDateEntry))

    def clear(self) -> None:
        self.send(ev.Cleared())
        self.until(st.FaceCheck)

    @property
    def visits(self) -> tuple[VisitRow, ...]:
        """Newest first."""
        return self.ledger.rows(datetime.fromtimestamp(0, UTC))
