"""Each key of a policy on the page of managed settings: set, unset, of a wrong type; and what is no key at all."""

from collections.abc import Callable

import pytest
import tomli_w
from pytestqt.qtbot import QtBot

from installer.fleet import policy_keys
from myna_app.flow.states import FaceCheck, ManagedScreen
from myna_app.office import managed_rows
from myna_app.settings.store import SettingsStore
from myna_app.settings.table import KEYS
from myna_app.ui.pages.m27_managed import ManagedPage
from myna_app.ui.widgets.lines import Lines
from tests.settings.test_policy_keys import value_of
from tests.ui.gallery import make_kit

OpenStore = Callable[..., SettingsStore]
Shown = Callable[[SettingsStore], list[str]]


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """The lines of the page."""
    page = ManagedPage(make_kit())
    qtbot.addWidget(page)

    def lines(store: SettingsStore) -> list[str]:
        page.show_screen(ManagedScreen(FaceCheck(), managed_rows(store)))
        found = page.findChild(Lines)
        assert isinstance(found, Lines)
        return [found.item(row).text() for row in range(found.count())]

    return lines


@pytest.mark.parametrize("name", policy_keys())
def test_a_key_that_the_policy_sets_is_shown_with_its_value_and_where_it_comes_from(
    name: str, open_store: OpenStore, shown: Shown
) -> None:
    store = open_store(policy=tomli_w.dumps({name: value_of(name)}))
    (row,) = managed_rows(store)
    assert row.value
    assert shown(store) == [f"{KEYS[name].ja}：{row.value}\n{name}　設定ファイル"]


@pytest.mark.parametrize("name", policy_keys())
def test_a_key_of_a_wrong_type_is_shown_with_its_line(name: str, open_store: OpenStore, shown: Shown) -> None:
    store = open_store(policy=f"\n{name} = [[]]\n")
    assert shown(store) == [f"{KEYS[name].ja}：値の種類が違います。\n{name}　設定ファイル　2行目"]


def test_an_empty_policy_shows_nothing(open_store: OpenStore, shown: Shown) -> None:
    assert shown(open_store(policy="")) == []


def test_a_key_nobody_knows_and_a_file_that_is_no_toml_are_shown_with_their_lines(
    open_store: OpenStore, shown: Shown
) -> None:
    assert shown(open_store(policy='sound = "on"\nvolume = 3\n')) == [
        "音を鳴らす：on\nsound　設定ファイル",
        "volume：知らない項目です。\nvolume　設定ファイル　2行目",
    ]
    (line,) = shown(store := open_store(policy='sound = "on"\n\nsound on\n'))
    assert line == (
        f"{store.folders.policy_file}：ファイルの書き方が正しくありません。\n"
        f"{store.folders.policy_file}　設定ファイル　3行目"
    )


def test_what_the_environment_sets_and_the_policy_sets_wrongly_is_told_as_the_policys_fault(
    open_store: OpenStore, shown: Shown
) -> None:
    store = open_store(policy="idle_lock_minutes = 999", environment={"MYNA_APP_IDLE_LOCK_MINUTES": "5"})
    assert shown(store) == [
        "操作がないとき画面を閉じるまで（分）：値が範囲の外です。\nidle_lock_minutes　設定ファイル　1行目"
    ]
