"""What the pages beside the reception show in `states`: settings, checks, records, an update, managed settings."""

from dataclasses import replace
from datetime import date, timedelta

from myna_app.errors import Problem
from myna_app.export.profiles import PROFILES
from myna_app.flow.beside import (
    TURNED_DOWN,
    Check,
    Component,
    DayRecord,
    ManagedRow,
    Outcome,
    Preference,
    Record,
    Update,
)

PREFERENCES = tuple(
    Preference(name, "60" if "60" in values else values[0], values, managed=name == "proxy_mode")
    for name, values in {
        "text_size": ("standard", "large", "extra_large"),
        "theme": ("system", "light", "dark", "high_contrast"),
        "motion": ("system", "reduced"),
        "language": ("ja", "en"),
        "sound": ("on", "errors", "off"),
        "result_seconds": ("30", "60", "120", "300"),
        "card_wait_seconds": ("30", "60", "90", "120"),
        "clear_on_lift": ("off", "on"),
        "mask_numbers": ("off", "on"),
        "copy_profile": tuple(PROFILES),
        "visitor_word": ("auto", "patient", "examinee", "user"),
        "shuffle_keypad": ("off", "on"),
        "proxy_mode": ("system", "none", "manual"),
        "autostart": ("off", "on"),
        "block_capture": ("on", "off"),
    }.items()
)
OWN_PROXY = tuple(
    replace(one, value="manual", managed=False) if one.name == "proxy_mode" else one for one in PREFERENCES
)
COMPONENTS = (
    Component("cryptography", "50.0.2", "Apache-2.0 OR BSD-3-Clause", "Licence text\n" * 40),
    Component("segno", "1.6.6", "BSD-3-Clause", ""),
)
UPDATE = Update(
    "9.0.0", "・読み取りが速くなりました。\n・表示を直しました。", "· Reading is faster.\n· Looks are better."
)
CHECKS = (
    Check("service", Outcome.GOOD, "running"),
    Check("reader", Outcome.BAD, "none", Problem.READER_MISSING),
    Check("extended_apdu", Outcome.UNKNOWN, "unknown", about="SONY FeliCa RC-S300/P"),
    Check("key_store", Outcome.GOOD, "registered"),
    Check("disk", Outcome.GOOD, "enough", about="182340 MB"),
    Check("settings", Outcome.GOOD, "in order", about=r"C:\ProgramData\myna_app\policy.toml"),
    Check("proxy", Outcome.GOOD, "used", about="http://proxy.example.jp:8080"),
    Check("dns", Outcome.GOOD, "found", about="proxy.example.jp"),
    Check("backend", Outcome.BAD, "connection refused", Problem.BACKEND_UNREACHABLE, "https://shikaku.example.jp"),
    Check("tls", Outcome.UNKNOWN, "not asked"),
    Check("clock", Outcome.UNKNOWN, "not asked"),
    Check("terminal", Outcome.UNKNOWN, "not asked"),
)
RECORD = Record(
    tuple(
        DayRecord(
            date(2026, 11, 20) - timedelta(days=back),
            90 - back,
            back % 7,
            back % 2,
            2.4,
            (*[0] * 8, *range(5, 21)),
            {"verdict 1": 90 - back, "E-C02": back % 7, TURNED_DOWN: back % 2},
        )
        for back in range(31)
    ),
    (("verdict 1", 900), ("verdict 3", 40), (TURNED_DOWN, 15), ("E-C02", 12)),
)
MANAGED = (
    ManagedRow("backend_url", "https://backend.example", "policy"),
    ManagedRow("idle_lock_minutes", "1", "policy", "range"),
    ManagedRow("clear_on_left", "", "policy", "unknown"),
)
