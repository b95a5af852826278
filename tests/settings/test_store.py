"""Settings of a profile, on real files."""

import os
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from myna_app.errors import AppError, Problem, SettingsError
from myna_app.formats.facility import FacilityKind
from myna_app.settings.folders import Folders, find_folders
from myna_app.settings.kinds import BadValueError, Reason
from myna_app.settings.layers import Layer, Source
from myna_app.settings.loader import merge
from myna_app.settings.store import SettingsStore
from myna_app.settings.table import KEYS, Settings, Theme

OpenStore = Callable[..., SettingsStore]
BACKEND = 'backend_url = "https://backend.example"\n'


def test_an_empty_profile_has_the_defaults(open_store: OpenStore) -> None:
    store = open_store()
    assert store.settings == Settings()
    assert store.findings == ()
    assert store.damage is None


def test_stronger_layers_win(open_store: OpenStore) -> None:
    store = open_store(
        user="result_seconds = 120\ncard_wait_seconds = 90\n", environment={"MYNA_APP_RESULT_SECONDS": "200"}
    )
    assert (store.settings.result_seconds, store.settings.card_wait_seconds) == (200, 90)
    store = open_store(policy="result_seconds = 300\n", environment={"MYNA_APP_RESULT_SECONDS": "200"})
    assert store.settings.result_seconds == 300
    assert store.origin("result_seconds") is Source.POLICY
    assert store.origin("card_wait_seconds") is Source.USER
    assert store.origin("theme") is Source.DEFAULT


def test_the_registry_wins_over_the_policy_file() -> None:
    layers = [
        Layer(Source.POLICY, "policy.toml", {"result_seconds": 60}),
        Layer(Source.REGISTRY, "HKLM", {"result_seconds": 30}),
    ]
    loaded = merge(layers)
    assert loaded.settings.result_seconds == 30
    assert loaded.origins["result_seconds"] is Source.REGISTRY


@pytest.mark.parametrize(
    ("line", "key", "strictest"),
    [
        ("idle_lock_minutes = 0", "idle_lock_minutes", 1),
        ("result_seconds = 'long'", "result_seconds", 30),
        ("clear_on_lift = 'no'", "clear_on_lift", True),
        ("allow_copy = 'yes'", "allow_copy", False),
        ("allow_photograph = 3", "allow_photograph", False),
        ("update_key = 'x'", "update_key", None),
        ("theme = 'pink'", "theme", Theme.SYSTEM),
    ],
)
def test_a_bad_policy_value_falls_back_to_the_strictest_and_is_told(
    open_store: OpenStore, line: str, key: str, strictest: object
) -> None:
    store = open_store(policy=f"# policy\n{BACKEND}{line}\n")
    assert getattr(store.settings, key) == strictest
    assert [(found.key, found.line, found.source) for found in store.findings] == [(key, 3, Source.POLICY)]
    assert store.route().base_url == "https://backend.example"


def test_unknown_keys_and_keys_of_another_layer_are_told_and_left_out(open_store: OpenStore) -> None:
    store = open_store(user='backend_url = "https://evil.example"\n', policy='reader = "x"\nbackend = 1\n')
    assert store.settings == Settings()
    assert [(found.key, found.reason) for found in store.findings] == [
        ("backend_url", Reason.NOT_HERE),
        ("reader", Reason.NOT_HERE),
        ("backend", Reason.UNKNOWN),
    ]


@pytest.mark.parametrize(
    "line",
    [
        'backend_url = "http://backend.example"',
        'ca_file = "/nowhere/ca.pem"',
        'proxy = "proxy"',
        'proxy_mode = "socks"',
    ],
)
def test_a_malformed_way_to_the_backend_in_a_policy_stops_the_network(open_store: OpenStore, line: str) -> None:
    policy = line if line.startswith("backend") else BACKEND + line
    with pytest.raises(SettingsError) as caught:
        open_store(policy=policy).route()
    assert caught.value.problem is Problem.POLICY_UNSAFE
    assert "policy.toml" in caught.value.detail


def test_a_malformed_proxy_of_the_user_does_not_stop_the_network(open_store: OpenStore) -> None:
    store = open_store(user='proxy = "nonsense"\n', policy=BACKEND)
    assert store.route().base_url == "https://backend.example"
    assert [found.key for found in store.findings] == ["proxy"]


@pytest.mark.parametrize("text", ["backend_url = ", "\0", "[" * 5000])
def test_a_policy_that_is_not_toml_stops_the_network(open_store: OpenStore, text: str) -> None:
    store = open_store(policy=text)
    with pytest.raises(SettingsError) as caught:
        store.route()
    assert caught.value.problem is Problem.POLICY_UNSAFE
    assert store.findings[0].reason is Reason.SYNTAX


def test_a_policy_that_cannot_be_read_stops_the_network_and_the_program_starts(
    open_store: OpenStore, folders: Folders
) -> None:
    folders.policy_file.mkdir()
    store = open_store()
    assert store.settings.backend_url is None
    with pytest.raises(SettingsError) as caught:
        store.route()
    assert caught.value.problem is Problem.POLICY_UNSAFE
    assert store.findings[0].reason is Reason.FILE


@pytest.mark.parametrize("exposed", ["file", "folder"])
def test_a_policy_that_ordinary_users_can_write_stops_the_network(
    open_store: OpenStore, folders: Folders, exposed: str
) -> None:
    open_store(policy=BACKEND)
    (folders.policy_file if exposed == "file" else folders.policy).chmod(0o777)
    store = SettingsStore(folders, {}, frozen=False)
    assert store.settings.backend_url is None
    with pytest.raises(SettingsError) as caught:
        store.route()
    assert caught.value.problem is Problem.POLICY_UNSAFE


def test_without_a_backend_the_policy_file_is_named(open_store: OpenStore, folders: Folders) -> None:
    with pytest.raises(SettingsError) as caught:
        open_store().route()
    assert caught.value.problem is Problem.BACKEND_NOT_SET
    assert caught.value.facts["file"] == str(folders.policy_file)


def test_a_frozen_program_takes_no_address_from_the_environment(open_store: OpenStore) -> None:
    environment = {
        "MYNA_APP_BACKEND_URL": "https://evil.example",
        "MYNA_APP_PROXY": "http://evil.example:1",
        "MYNA_APP_LANGUAGE": "en",
    }
    assert open_store(environment=environment).settings.backend_url == "https://evil.example"
    frozen = open_store(environment=environment, frozen=True).settings
    assert (frozen.backend_url, frozen.proxy, frozen.language) == (None, None, "en")


def test_a_damaged_user_file_is_set_aside_told_once_and_the_program_goes_on(
    open_store: OpenStore, folders: Folders
) -> None:
    store = open_store(user='theme = "dark')
    assert store.damage is not None
    assert store.damage.problem is Problem.STORED_DATA_DAMAGED
    assert store.settings == Settings()
    (kept,) = folders.config.glob("settings.toml.damaged-*")
    assert kept.read_text() == 'theme = "dark'
    assert open_store().damage is None


def test_what_is_set_is_there_after_the_next_start(open_store: OpenStore) -> None:
    at = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
    store = open_store()
    store.set(theme=Theme.DARK, reader="ACS ACR39U 00 00", facility_kind=FacilityKind.CARE)
    assert store.set(terms_version="1.2", terms_agreed_at=at).terms_agreed_at == at
    again = open_store().settings
    assert again == store.settings
    assert (again.theme, again.reader, again.facility_kind) == (Theme.DARK, "ACS ACR39U 00 00", FacilityKind.CARE)


def test_none_takes_a_value_out(open_store: OpenStore) -> None:
    store = open_store(user='reader = "x"\n')
    assert store.set(reader=None).reader is None
    assert open_store().settings.reader is None


def test_keys_of_a_newer_version_survive_a_write(open_store: OpenStore, folders: Folders) -> None:
    open_store(user="from_the_future = [1, 2]\n").set(reader="x")
    assert tomllib.loads(folders.user_file.read_text())["from_the_future"] == [1, 2]


def test_a_policy_stays_in_force_over_a_users_choice(open_store: OpenStore) -> None:
    store = open_store(policy="result_seconds = 30\n")
    assert store.set(result_seconds=300).result_seconds == 30


def test_what_belongs_to_the_policy_cannot_be_set(open_store: OpenStore) -> None:
    with pytest.raises(ValueError, match="policy alone"):
        open_store().set(backend_url="https://evil.example")
    with pytest.raises(BadValueError):
        open_store().set(result_seconds=29)


def test_a_full_disk_is_a_problem_and_leaves_the_old_file(
    open_store: OpenStore, folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(user='reader = "old"\n')

    def no_space(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(SettingsError) as caught:
        store.set(reader="new")
    assert caught.value.problem is Problem.DISK_FULL
    assert [path.name for path in folders.config.iterdir()] == ["settings.toml"]
    assert store.settings.reader == "old"


@given(content=st.binary(max_size=200) | st.text(alphabet="abtheme_[]{}=.\"'\n1 ", max_size=60).map(str.encode))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_whatever_lies_in_the_files_only_app_errors_come_out(folders: Folders, content: bytes) -> None:
    folders.user_file.write_bytes(content)
    folders.policy_file.write_bytes(content)
    folders.policy_file.chmod(0o644)
    store = SettingsStore(folders, {}, frozen=False)
    try:
        store.route()
    except AppError as error:
        assert error.problem in (Problem.POLICY_UNSAFE, Problem.BACKEND_NOT_SET)
    store.set(reader="x")


def test_every_key_accepts_its_own_default_and_strictest_value() -> None:
    for name, key in KEYS.items():
        for value in (getattr(Settings(), name), key.strictest):
            if value is not None:
                assert key.kind.parse(value) == value, name


def test_the_program_folders_lie_below_one_root_for_demos_and_tests(tmp_path: Path) -> None:
    found = find_folders({"MYNA_APP_HOME": str(tmp_path)}, frozen=False)
    assert {path.parent for path in (found.config, found.data, found.policy, found.machine)} == {tmp_path.resolve()}
    assert found.own_policy
    other = find_folders({"MYNA_APP_HOME": str(tmp_path / "other")}, frozen=False)
    assert len({found.profile, other.profile, find_folders({}).profile}) == 3
    assert not find_folders({"MYNA_APP_HOME": str(tmp_path)}, frozen=True).own_policy
