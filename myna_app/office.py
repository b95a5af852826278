"""What the pages beside the reception need: choices, managed settings, records, the support bundle.

No network and no card; everything is a file of this user, and nothing in it is of a visitor.
"""

import json
import platform
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from myna_app import __version__
from myna_app.errors import SettingsError
from myna_app.export.profiles import ProfileName
from myna_app.flow.beside import TURNED_DOWN, Agreement, Check, DayRecord, ManagedRow, Preference, ProxyForm, Record
from myna_app.ledger import VisitRow
from myna_app.resources import built_on
from myna_app.settings.files import write_durably
from myna_app.settings.kinds import BadValueError, Choice, Switch
from myna_app.settings.layers import Source
from myna_app.settings.store import SettingsStore
from myna_app.settings.table import KEYS, ProxyMode
from myna_app.vault import Entry, Vault

DAYS_OF_RECORD = 31
_ON, _OFF = "on", "off"
_OFFERED: dict[str, tuple[str, ...]] = {
    "text_size": (),
    "theme": (),
    "motion": (),
    "language": (),
    "sound": (),
    "result_seconds": ("30", "60", "120", "300"),
    "card_wait_seconds": ("30", "60", "90", "120"),
    "clear_on_lift": (),
    "mask_numbers": (),
    "copy_profile": (),
    "visitor_word": (),
    "shuffle_keypad": (),
    "proxy_mode": (),
    "autostart": (),
}
"""The choices of M-22 in its order; an empty tuple: all that the table of settings knows."""
_ONLY_FOR_A_WHILE = "block_capture"
"""What can be lifted for half an hour, and is never kept."""
_NEVER_TOLD = frozenset({"institution_code", "facility_name", "backend_contact", "contact", "proxy_user", "window"})
"""Keys whose values stay out of files that leave the office."""
_LOG_LINES = 200


def preferences(store: SettingsStore) -> tuple[Preference, ...]:
    """Every choice with its value in force; one that a policy or the environment has made cannot be chosen."""
    return tuple(
        Preference(name, _text(store, name) or values[0], values, managed=_is_managed(store, name))
        for name in (*_OFFERED, _ONLY_FOR_A_WHILE)
        for values in (_offered(store, name),)
    )


def _offered(store: SettingsStore, name: str) -> tuple[str, ...]:
    """The office's own form of copies only where the policy has made one."""
    settings = store.settings
    if name == "copy_profile" and settings.copy_own_items is None and settings.copy_profile is not ProfileName.OWN:
        return tuple(value for value in _values(name) if value != ProfileName.OWN)
    return _values(name)


def keep_preference(store: SettingsStore, name: str, value: str) -> None:
    """Write a choice. Raises `SettingsError` DISK_FULL, `BadValueError` for what is no choice."""
    kind: Any = KEYS[name].kind
    if isinstance(kind, Switch):
        store.set(**{name: value == _ON})
    else:
        store.set(**{name: kind.from_text(value)})


def reset_preferences(store: SettingsStore, vault: Vault) -> None:
    """Take every choice of this user back, the proxy's password among them. Raises `AppError`."""
    vault.delete(Entry.PROXY_PASSWORD)
    store.set(**dict.fromkeys((*_OFFERED, "proxy", "proxy_user")))


def proxy(store: SettingsStore) -> ProxyForm:
    """The proxy of this user's own, without its password."""
    settings = store.settings
    return ProxyForm(settings.proxy or "", settings.proxy_user or "")


def proxy_faults(form: ProxyForm) -> dict[str, str]:
    """Fields that are not taken, and why."""
    faults: dict[str, str] = {}
    for name, value in _proxy_values(form).items():
        try:
            if value is not None:
                KEYS[name].kind.parse(value)
        except BadValueError as bad:
            faults[name] = bad.reason.value
    return faults


def keep_proxy(store: SettingsStore, vault: Vault, form: ProxyForm) -> None:
    """The password goes into the key store, before what would use it is written. Raises `AppError`."""
    if form.user and form.password.value:
        vault.set(Entry.PROXY_PASSWORD, {"password": form.password.value})
    elif not form.user:
        vault.delete(Entry.PROXY_PASSWORD)
    store.set(proxy_mode=ProxyMode.MANUAL, **_proxy_values(form))


def _proxy_values(form: ProxyForm) -> dict[str, str | None]:
    """People write host:port; the scheme goes without saying."""
    address = form.address if "://" in form.address else f"http://{form.address}"
    return {"proxy": address, "proxy_user": form.user or None}


def managed_rows(store: SettingsStore) -> tuple[ManagedRow, ...]:
    """What an administrator has decided, and every value that was not accepted, in the order of the table of keys."""
    order = {name: place for place, name in enumerate(KEYS)}
    refused = [
        ManagedRow(
            one.key or one.place,
            _text(store, one.key) if one.key in order else "",
            one.source.value,
            one.reason.value,
            one.line,
        )
        for one in store.findings
    ]
    told = {(row.key, row.source) for row in refused}
    held = [
        ManagedRow(name, _text(store, name), store.origin(name).value)
        for name in KEYS
        if _is_managed(store, name) and (name, store.origin(name).value) not in told
    ]
    return tuple(sorted(refused + held, key=lambda row: order.get(row.key, len(order))))


def agreement(store: SettingsStore) -> Agreement | None:
    """The terms that were agreed to on this PC, if any."""
    version, at = store.settings.terms_version, store.settings.terms_agreed_at
    if version is None or at is None:
        return None
    try:
        text = store.folders.agreed_terms_file.read_text("utf-8")
    except (OSError, ValueError):
        text = ""
    return Agreement(version, at, text)


def record_of(rows: Iterable[VisitRow], today: date) -> Record:
    """The ledger's rows as days; days without a visit stand in it with nothing, so that the chart has no gaps."""
    by_day: dict[date, list[VisitRow]] = {today - timedelta(days=back): [] for back in range(DAYS_OF_RECORD)}
    for row in rows:
        by_day.setdefault(row.at.astimezone().date(), []).append(row)
    days = tuple(_day(day, by_day[day]) for day in sorted(by_day, reverse=True))
    outcomes = sum((Counter(day.outcomes) for day in days), Counter[str]())
    return Record(days, tuple(outcomes.most_common()))


def since(now: datetime) -> datetime:
    """From when on the record tells: whole days, today among them."""
    return datetime.combine(now.date() - timedelta(days=DAYS_OF_RECORD - 1), time(), now.tzinfo)


def save(file: Path, text: str) -> bool:
    """Write what staff asked for where they asked; False where that place cannot be written."""
    try:
        write_durably(file, text)
    except (OSError, SettingsError):
        return False
    return True


def bundle(store: SettingsStore, checks: Iterable[Check], record: Record, registered: str | None) -> str:
    """サポート用ファイル: one text for whoever helps. Of the terminal id it holds four letters."""
    lines = [
        "# 資格確認アプリ support bundle",
        f"version {__version__} ({built_on() or 'from sources'})",
        f"made {datetime.now().astimezone().isoformat(timespec='seconds')}",
        f"system {platform.system()} {platform.release()} {platform.machine()} python {platform.python_version()}",
        f"terminal {'not registered' if registered is None else '************' + registered[-4:]}",
        "",
        "# doctor",
        *(" ".join(filter(None, (one.outcome, f"{one.name}:", one.found, one.problem, one.about))) for one in checks),
        "",
        "# settings",
        *(
            f"{name} = {_text(store, name)} ({store.origin(name).value})"
            for name in KEYS
            if store.origin(name) is not Source.DEFAULT and name not in _NEVER_TOLD
        ),
        *(f"not accepted: {finding}" for finding in store.findings),
        "",
        "# visits of the last days",
        *(f"{outcome}: {count}" for outcome, count in record.outcomes),
        "",
        "# events",
        *_last_events(store.folders.log_file),
    ]
    home = str(Path.home())
    return "\n".join(lines).replace(home, "~") + "\n"


def _last_events(file: Path) -> list[str]:
    """The log holds typed events alone; a line that is none is not passed on."""
    try:
        lines = file.read_text("utf-8").splitlines()[-_LOG_LINES:]
    except (OSError, ValueError):
        return []
    return [line for line in lines if _is_event(line)]


def _is_event(line: str) -> bool:
    try:
        return "event" in json.loads(line)
    except (ValueError, TypeError, RecursionError):
        return False


def _day(day: date, rows: list[VisitRow]) -> DayRecord:
    confirmed = sum(row.outcome.startswith(("verdict", "care")) for row in rows)
    turned_down = sum(row.outcome == TURNED_DOWN for row in rows)
    hours = Counter(row.at.astimezone().hour for row in rows)
    mean = sum(row.duration_ms for row in rows) / len(rows) / 1000 if rows else 0.0
    problems = len(rows) - confirmed - turned_down
    outcomes = Counter(row.outcome for row in rows)
    by_hour = tuple(hours[hour] for hour in range(24))
    return DayRecord(day, confirmed, problems, turned_down, mean, by_hour, outcomes)


def _is_managed(store: SettingsStore, name: str) -> bool:
    return store.origin(name) not in (Source.DEFAULT, Source.USER)


def _values(name: str) -> tuple[str, ...]:
    kind: Any = KEYS[name].kind
    match kind:
        case Switch():
            return (_OFF, _ON)
        case Choice(members) if not _OFFERED.get(name):
            return tuple(member.value for member in members)
        case _:
            return _OFFERED[name]


def _text(store: SettingsStore, name: str) -> str:
    """The value in force, as text."""
    value = getattr(store.settings, name)
    match value:
        case bool():
            return _ON if value else _OFF
        case Enum():
            return str(value.value)
        case None:
            return ""
        case _:
            return str(value)
