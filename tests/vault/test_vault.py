"""The vault against a real Secret Service, and against what keyring's Windows backend does."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import keyring.backends.SecretService
import keyring.errors
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyring.backend import KeyringBackend

from myna_app.errors import Problem, VaultError
from myna_app.vault import Entry, KeyringVault, Record, _parse

KEY: Record = {"key": "secret", "count": 3, "pending": True}


def as_it_is(record: Record) -> Record:
    return record


@pytest.fixture
def profile() -> Iterator[str]:
    name = f"myna-app-test-{uuid4()}"
    yield name
    for entry in Entry:
        KeyringVault(name).delete(entry)


def test_what_was_set_is_found_by_the_next_process(profile: str) -> None:
    KeyringVault(profile).set(Entry.DEVICE, KEY)
    assert KeyringVault(profile).get(Entry.DEVICE, as_it_is) == KEY


def test_a_later_value_takes_the_place_of_the_first(profile: str) -> None:
    vault = KeyringVault(profile)
    vault.set(Entry.DEVICE, KEY)
    vault.set(Entry.DEVICE, {"key": "other"})
    assert vault.get(Entry.DEVICE, as_it_is) == {"key": "other"}


def test_entries_and_profiles_are_kept_apart(profile: str) -> None:
    vault = KeyringVault(profile)
    vault.set(Entry.DEVICE, KEY)
    assert vault.get(Entry.PASSCODE, as_it_is) is None
    assert KeyringVault(f"{profile}-other").get(Entry.DEVICE, as_it_is) is None


def test_what_was_deleted_is_gone_and_deleting_again_is_harmless(profile: str) -> None:
    vault = KeyringVault(profile)
    vault.set(Entry.DEVICE, KEY)
    vault.delete(Entry.DEVICE)
    vault.delete(Entry.DEVICE)
    assert vault.get(Entry.DEVICE, as_it_is) is None


@pytest.mark.parametrize("text", ["{", "[]", '"x"', '{"key": null}', '{"key": {"x": 1}}', "[" * 100_000])
def test_a_damaged_entry_is_set_aside_with_its_content_and_told_once(profile: str, text: str) -> None:
    service: Any = keyring.backends.SecretService.Keyring
    store = service()
    store.set_password(f"{profile}/device", profile, text)
    vault = KeyringVault(profile)
    with pytest.raises(VaultError) as caught:
        vault.get(Entry.DEVICE, as_it_is)
    assert caught.value.problem is Problem.STORED_DATA_DAMAGED
    kept = caught.value.detail.split()[-1]
    assert store.get_password(f"{profile}/{kept}", profile) == text
    assert vault.get(Entry.DEVICE, as_it_is) is None
    store.delete_password(f"{profile}/{kept}", profile)


def test_a_record_that_its_reader_cannot_use_is_damaged_too(profile: str) -> None:
    vault = KeyringVault(profile)
    vault.set(Entry.DEVICE, KEY)
    with pytest.raises(VaultError) as caught:
        vault.get(Entry.DEVICE, lambda record: record["missing"])
    assert caught.value.problem is Problem.STORED_DATA_DAMAGED


def test_an_entry_too_long_for_windows_is_never_written(profile: str) -> None:
    with pytest.raises(ValueError, match="too long"):
        KeyringVault(profile).set(Entry.DEVICE, {"key": "x" * 1_200})


def test_without_a_secret_service_the_vault_says_so_and_takes_nothing_else(
    profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(VaultError) as caught:
        KeyringVault(profile).set(Entry.DEVICE, KEY)
    assert caught.value.problem is Problem.VAULT_UNAVAILABLE


def test_a_backend_chosen_from_outside_is_not_used(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    KeyringVault(profile).set(Entry.DEVICE, KEY)
    assert KeyringVault(profile).get(Entry.DEVICE, as_it_is) == KEY


class Broken(KeyringBackend):
    """Raises whatever it is given, as the libraries below keyring do."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise self._error

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password
        raise self._error

    def delete_password(self, service: str, username: str) -> None:
        del service, username
        raise self._error


KEYRING_ERRORS = [
    error
    for error in vars(keyring.errors).values()
    if isinstance(error, type) and issubclass(error, keyring.errors.KeyringError)
]


@pytest.mark.parametrize("kind", [*KEYRING_ERRORS, OSError, RuntimeError])
def test_every_error_of_a_key_store_becomes_one_problem_without_its_words(kind: Callable[[str], Exception]) -> None:
    vault = KeyringVault("x", Broken(kind("secret words")))
    for call in (lambda: vault.get(Entry.DEVICE, as_it_is), lambda: vault.set(Entry.DEVICE, KEY)):
        with pytest.raises(VaultError) as caught:
            call()
        assert caught.value.problem is Problem.VAULT_UNAVAILABLE
        assert "secret words" not in str(caught.value)


class WinVaultKeyring(KeyringBackend):
    """What keyring's class of this name does: before it writes, it copies what stands there to ``user@service``."""

    priority = 5.0

    def __init__(self) -> None:
        self.credentials: dict[str, tuple[str, str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        for target in (service, f"{username}@{service}"):
            if self.credentials.get(target, ("", ""))[0] == username:
                return self.credentials[target][1]
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        if service in self.credentials:
            owner, text = self.credentials[service]
            self.credentials[f"{owner}@{service}"] = (owner, text)
        self.credentials[service] = (username, password)

    def delete_password(self, service: str, username: str) -> None:
        found = [
            target
            for target in (service, f"{username}@{service}")
            if self.credentials.get(target, ("", ""))[0] == username
        ]
        for target in found:
            del self.credentials[target]
        if not found:
            raise keyring.errors.PasswordDeleteError(service)


def test_on_windows_no_copy_of_an_old_secret_stays_behind() -> None:
    store = WinVaultKeyring()
    vault = KeyringVault("myna-app", store)
    for key in ("first", "second", "third"):
        vault.set(Entry.DEVICE, {"key": key})
    assert list(store.credentials) == ["myna-app/device"]
    assert vault.get(Entry.DEVICE, as_it_is) == {"key": "third"}


@given(st.text())
@settings(deadline=None)
def test_text_is_a_flat_record_or_no_record(text: str) -> None:
    try:
        assert all(isinstance(value, str | int) for value in _parse(text).values())
    except (ValueError, RecursionError):
        return
    assert isinstance(json.loads(text), dict)
