"""A copy profile of the office's own: five keys of the one table, judged as every other."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from myna_app.app import make_kit
from myna_app.export.items import Item
from myna_app.export.profiles import CopyProfile, DayForm, ProfileName, Separator, Width
from myna_app.office import preferences
from myna_app.settings.kinds import Reason
from myna_app.settings.store import SettingsStore

OpenStore = Callable[..., SettingsStore]
OWN = """
copy_profile = "own"
copy_own_items = "name_kana, birthdate,insurer_number"
copy_own_days = "era_code"
copy_own_width = "half"
copy_own_digits = "insurer_number:8, branch_number:2"
copy_own_separator = "tab"
"""


def offered(store: SettingsStore) -> tuple[str, ...]:
    return next(one.values for one in preferences(store) if one.name == "copy_profile")


def test_a_policy_makes_a_profile_that_copies_take(qapp: QApplication, open_store: OpenStore) -> None:
    store = open_store(policy=OWN)
    options = make_kit(store.settings).options
    assert options.copy_profiles[options.copy_profile] == CopyProfile(
        DayForm.ERA_CODE,
        Width.HALF,
        {Item.INSURER_NUMBER: 8, Item.BRANCH: 2},
        (Item.NAME_KANA, Item.BIRTHDATE, Item.INSURER_NUMBER),
        Separator.TAB,
    )
    assert store.findings == ()


def test_staff_may_choose_it_where_there_is_one(open_store: OpenStore) -> None:
    assert ProfileName.OWN not in offered(open_store(policy=""))
    assert ProfileName.OWN in offered(open_store(policy='copy_own_items = "name"'))


@pytest.mark.parametrize(
    "line, reason",
    [
        ('copy_own_items = "name,shoe_size"', Reason.PATTERN),
        ('copy_own_items = ""', Reason.PATTERN),
        ('copy_own_days = "julian"', Reason.CHOICE),
        ('copy_own_width = "wide"', Reason.CHOICE),
        ('copy_own_digits = "insurer_number"', Reason.PATTERN),
        ('copy_own_digits = "name:8"', Reason.PATTERN),
        ('copy_own_separator = ";"', Reason.CHOICE),
        ('copy_profile = "standard"', Reason.CHOICE),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_holds(
    qapp: QApplication, open_store: OpenStore, line: str, reason: Reason
) -> None:
    store = open_store(policy=line)
    assert [(one.key, one.line, one.reason) for one in store.findings] == [(line.partition(" ")[0], 1, reason)]
    assert make_kit(store.settings).options.copy_profile is ProfileName.AS_RECEIVED


def test_own_without_items_of_its_own_has_all_of_them(qapp: QApplication, open_store: OpenStore) -> None:
    store = open_store(policy='copy_profile = "own"')
    assert make_kit(store.settings).options.copy_profiles[ProfileName.OWN].order == tuple(Item)
    assert ProfileName.OWN in offered(store)
