"""Registration, with a backend of the test that holds the contract's promise: a pair of account and key, one id."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from myna_app.api.answers import Registration, RegistrationRequest
from myna_app.api.client import BackendClient
from myna_app.device_key import DeviceKey
from myna_app.errors import ApiError, AppError, Problem, RefusalError, SettingsError, VaultError
from myna_app.flow.beside import Agreement
from myna_app.formats.facility import Facility, FacilityKind
from myna_app.formats.terminal_id import new_terminal_id
from myna_app.formats.terms import Terms
from myna_app.office import agreement
from myna_app.settings import marker
from myna_app.settings.folders import find_folders
from myna_app.settings.store import SettingsStore
from myna_app.terminal import Account, Device, Phase, Registrar, TerminalState
from myna_app.vault import LARGEST_RECORD, Entry
from tests.vault.memory import MemoryVault

ISSUER = "https://backend.example"
NOW = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=200)
TERMS = Terms("1.2", NOW.date(), "規約の本文")
ACCOUNT = Account("8888888888", "W0000001", "correct horse", "123456789012")
OTHER_ACCOUNT = Account("8888888888", "W0000002", "battery staple", "210987654321")


class KilledError(BaseException):
    """The program was killed here."""


@dataclass
class Backend:
    """Accounts and the keys that hold them. `before` and `after` run around the commit."""

    issuer: str = ISSUER
    terminals: dict[str, tuple[str, str]] = field(default_factory=dict)
    requests: list[RegistrationRequest] = field(default_factory=list)
    before: Callable[[], None] = lambda: None
    after: Callable[[], None] = lambda: None
    released: bool = False

    def now(self) -> datetime:
        return NOW

    def register(self, request: RegistrationRequest) -> Registration:
        self.requests.append(request)
        self.before()
        key = ECKey.import_key(dict(request.public_key))
        proof = jwt.decode(request.possession, key, algorithms=["ES256"])
        assert proof.header["typ"] == "myna-possession+jwt"
        assert (proof.claims["aud"], proof.claims["user_id"]) == (ISSUER, request.user_id)
        assert 16 <= len(proof.claims["jti"]) <= 64
        held, terminal_id = self.terminals.setdefault(request.user_id, (key.thumbprint(), new_terminal_id()))
        if held != key.thumbprint():
            raise RefusalError(Problem.ACCOUNT_ELSEWHERE, "account_elsewhere", 409)
        self.after()
        return Registration(terminal_id, Facility("見本", FacilityKind.CARE), "見本県国保連合会", NOW.date())

    def release(self) -> None:
        self.before()
        self.terminals.clear()
        self.after()


class Pc:
    """One Windows user on one PC, whose program can be started again."""

    def __init__(self, root: Path) -> None:
        self.folders = find_folders({"MYNA_APP_HOME": str(root)}, frozen=False)
        self.vault = MemoryVault()
        self.backend = Backend()
        self.restart()

    def restart(self) -> None:
        self.device = Device(self.vault)
        self.settings = SettingsStore(self.folders, {}, frozen=False)
        self.registrar = Registrar(self.settings, self.device, lambda: cast(BackendClient, self.backend))


@pytest.fixture
def pc(tmp_path: Path) -> Pc:
    made = Pc(tmp_path)
    made.registrar.agree(TERMS, NOW)
    return made


def killed() -> None:
    raise KilledError


def lost() -> None:
    raise ApiError(Problem.BACKEND_SLOW)


def test_the_phases_follow_one_another_and_survive_a_restart(tmp_path: Path) -> None:
    pc = Pc(tmp_path)
    assert pc.registrar.state() == TerminalState(Phase.FRESH)
    pc.registrar.agree(TERMS, NOW)
    pc.restart()
    assert pc.registrar.state() == TerminalState(Phase.AGREED)
    done = pc.registrar.register(ACCOUNT)
    pc.restart()
    assert pc.registrar.state() == TerminalState(Phase.REGISTERED, done.terminal_id, "W0000001")
    assert pc.backend.requests[0].terms_version == "1.2"


def test_what_was_agreed_to_can_be_read_again(pc: Pc) -> None:
    pc.restart()
    assert agreement(pc.settings) == Agreement("1.2", NOW, "規約の本文")
    pc.registrar.agree(Terms("1.3", NOW.date(), "新しい本文"), LATER)
    assert agreement(pc.settings) == Agreement("1.3", LATER, "新しい本文")
    pc.folders.agreed_terms_file.unlink()
    assert agreement(pc.settings) == Agreement("1.3", LATER, ""), "that it was agreed to is still known"


def test_nobody_agreed_on_a_fresh_pc(tmp_path: Path) -> None:
    assert agreement(Pc(tmp_path).settings) is None


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("fate", [killed, lost])
def test_killed_or_cut_off_around_the_commit_the_same_terminal_comes_out(
    pc: Pc, moment: str, fate: Callable[[], None]
) -> None:
    setattr(pc.backend, moment, fate)
    with pytest.raises((KilledError, ApiError)):
        pc.registrar.register(ACCOUNT)
    pc.restart()
    assert pc.registrar.state() == TerminalState(Phase.REGISTERING, user_id="W0000001")
    known = dict(pc.backend.terminals)
    setattr(pc.backend, moment, lambda: None)
    done = pc.registrar.register(ACCOUNT)
    assert all(pair == pc.backend.terminals[user] for user, pair in known.items())
    assert pc.backend.requests[0].public_key == pc.backend.requests[1].public_key
    assert pc.device.terminal_id == done.terminal_id


def test_a_terminal_id_that_could_not_be_stored_is_had_by_asking_again(pc: Pc) -> None:
    def vault_breaks() -> None:
        pc.vault.write_fails = True

    pc.backend.after = vault_breaks
    with pytest.raises(VaultError):
        pc.registrar.register(ACCOUNT)
    pc.backend.after, pc.vault.write_fails = (lambda: None), False
    pc.restart()
    assert pc.registrar.register(ACCOUNT).terminal_id == pc.backend.terminals["W0000001"][1]


def test_without_a_vault_the_backend_never_hears_of_the_account(pc: Pc) -> None:
    pc.vault.write_fails = True
    with pytest.raises(VaultError):
        pc.registrar.register(ACCOUNT)
    assert pc.backend.requests == []


def test_another_account_may_be_tried_after_a_refused_one(pc: Pc) -> None:
    pc.backend.terminals["W0000001"] = ("the key of another PC", new_terminal_id())
    with pytest.raises(RefusalError):
        pc.registrar.register(ACCOUNT)
    assert pc.registrar.register(OTHER_ACCOUNT).terminal_id == pc.device.terminal_id
    assert pc.device.user_id == "W0000002"


def test_a_clock_refused_once_is_corrected_by_the_refusal_and_tried_again(pc: Pc) -> None:
    refusals = iter([RefusalError(Problem.CLOCK_OFF, "assertion_clock", 401)])

    def refuse_once() -> None:
        for refusal in refusals:
            raise refusal

    pc.backend.before = refuse_once
    pc.registrar.register(ACCOUNT)
    assert len(pc.backend.requests) == 2


def test_password_and_activation_code_are_kept_nowhere(pc: Pc, tmp_path: Path) -> None:
    pc.registrar.register(ACCOUNT)
    kept = "".join(pc.vault.texts.values())
    kept += "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    kept += repr(ACCOUNT) + repr(pc.backend.requests) + repr(pc.device)
    assert ACCOUNT.password not in kept
    assert ACCOUNT.activation_code not in kept
    assert pc.backend.requests[0].possession not in kept


def test_a_client_assertion_is_what_the_contract_says(pc: Pc) -> None:
    done = pc.registrar.register(ACCOUNT)
    key = ECKey.import_key(dict(pc.device.public_key()))
    first, second = (jwt.decode(pc.device.client_assertion(ISSUER, NOW), key, algorithms=["ES256"]) for _ in range(2))
    claims = dict(first.claims)
    assert claims.pop("jti") != second.claims["jti"]
    now = int(NOW.timestamp())
    assert claims == {"iss": done.terminal_id, "sub": done.terminal_id, "aud": ISSUER, "iat": now, "exp": now + 60}


def test_the_thumbprint_is_that_of_rfc_7638(pc: Pc) -> None:
    assert pc.device.thumbprint() is None
    pc.registrar.register(ACCOUNT)
    assert pc.device.thumbprint() == pc.backend.terminals["W0000001"][0]
    assert set(pc.device.public_key()) == {"kty", "crv", "x", "y"}


def test_the_devices_entry_fits_windows_key_store(pc: Pc) -> None:
    pc.registrar.register(Account("8888888888", "W" * 64, "p", "0000"))
    assert len(pc.vault.texts[Entry.DEVICE]) < LARGEST_RECORD


def test_a_registered_device_is_never_overwritten(pc: Pc) -> None:
    pc.registrar.register(ACCOUNT)
    with pytest.raises(RuntimeError):
        pc.registrar.register(OTHER_ACCOUNT)


def test_release_frees_the_account_and_forgets_the_device(pc: Pc) -> None:
    pc.registrar.register(ACCOUNT)
    pc.registrar.release()
    pc.restart()
    assert pc.registrar.state() == TerminalState(Phase.AGREED)
    assert marker.registered_user(pc.folders.machine) is None
    pc.registrar.register(ACCOUNT)


def test_a_release_whose_answer_was_lost_is_completed_by_the_next_try(pc: Pc) -> None:
    pc.registrar.register(ACCOUNT)
    pc.backend.after = lost
    with pytest.raises(ApiError):
        pc.registrar.release()
    assert pc.registrar.state().phase is Phase.REGISTERED

    def unknown() -> None:
        raise RefusalError(Problem.TERMINAL_UNKNOWN, "terminal_unknown", 401)

    pc.backend.before = unknown
    pc.registrar.release()
    assert pc.registrar.state().phase is Phase.AGREED


def test_a_second_windows_user_is_told_that_the_pc_is_registered(pc: Pc, monkeypatch: pytest.MonkeyPatch) -> None:
    pc.registrar.register(ACCOUNT)
    pc.vault = MemoryVault()
    monkeypatch.setenv("LOGNAME", "somebody-else")
    pc.restart()
    with pytest.raises(SettingsError) as caught:
        pc.registrar.state()
    assert caught.value.problem is Problem.OTHER_WINDOWS_USER


def test_the_same_user_with_an_emptied_key_store_may_register_anew(pc: Pc) -> None:
    pc.registrar.register(ACCOUNT)
    pc.vault = MemoryVault()
    pc.restart()
    assert pc.registrar.state() == TerminalState(Phase.AGREED)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"user": 3}', b"\xff", b"[" * 100_000])
def test_a_damaged_note_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "registered.json").write_bytes(content)
    assert marker.registered_user(tmp_path) is None


def test_a_note_that_cannot_be_written_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "machine").write_text("a file stands where the folder should be")
    marker.note_registration(tmp_path / "machine")
    marker.remove_note(tmp_path / "machine")
    assert marker.registered_user(tmp_path / "machine") is None


GOOD = {**DeviceKey.generate().kept(), "user_id": "W0000001", "pending": False, "terminal_id": new_terminal_id()}


@given(
    st.sampled_from(sorted(GOOD)),
    st.none() | st.text(max_size=50) | st.integers() | st.booleans() | st.just(GOOD["x"]),
)
@settings(deadline=None)
def test_whatever_stands_in_the_key_store_is_a_device_or_damaged(name: str, value: Any) -> None:
    vault = MemoryVault()
    vault.texts[Entry.DEVICE] = json.dumps({**GOOD, name: value})
    device = Device(vault)
    try:
        assert (device.terminal_id, device.thumbprint()) != (None, None)
    except AppError as error:
        assert error.problem is Problem.STORED_DATA_DAMAGED
        assert (device.terminal_id, device.thumbprint()) == (None, None)  # set aside, and the next one is a fresh one


def test_a_damaged_key_is_told_when_it_is_first_used(pc: Pc) -> None:
    pc.registrar.register(ACCOUNT)
    pc.vault.texts[Entry.DEVICE] = json.dumps({**json.loads(pc.vault.texts[Entry.DEVICE]), "x": "AAAA"})
    pc.restart()
    assert pc.registrar.state().phase is Phase.REGISTERED
    with pytest.raises(VaultError) as caught:
        pc.device.client_assertion(ISSUER, NOW)
    assert caught.value.problem is Problem.STORED_DATA_DAMAGED
    assert pc.registrar.state().phase is Phase.AGREED
