"""Parts without a window: dates as typed, values in words, threads, clipboard, sounds."""

import ctypes
import threading
import wave
from contextlib import suppress
from ctypes import wintypes
from datetime import date
from functools import partial
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from myna_app.formats.era import show_in_era
from myna_app.resources import resources_folder
from myna_app.ui.native import Sound, copy_protected, forget_copied, open_in_browser
from myna_app.ui.printed_date import DateFault, PrintedDateError, parse_printed_date
from myna_app.ui.session import SessionWatch
from myna_app.ui.texts import Language, Texts
from myna_app.ui.worker import GuiThread
from tests.ui.tones import wav

TODAY = date(2026, 11, 20)
TEXTS = Texts.load(Language.JAPANESE, resources_folder() / "text")


@pytest.mark.parametrize(
    "typed, day",
    [
        ("明治45年7月29日", date(1912, 7, 29)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和 8年 1月 5日", date(2026, 1, 5)),
        ("Ｒ８．１．５", date(2026, 1, 5)),
        ("s600412", date(1985, 4, 12)),
        ("２０００／２／２９", date(2000, 2, 29)),
        ("20261120", TODAY),
    ],
)
def test_a_printed_date_is_understood(typed: str, day: date) -> None:
    assert parse_printed_date(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed, fault",
    [
        ("", DateFault.WRONG),
        ("60.4.12", DateFault.WRONG),
        ("600412", DateFault.WRONG),
        ("昭和60年4月", DateFault.WRONG),
        ("昭和60年13月1日", DateFault.WRONG),
        ("2001年2月29日", DateFault.WRONG),
        ("1867年1月1日", DateFault.WRONG),
        ("昭和64年1月8日", DateFault.NOT_IN_ERA),
        ("平成元年1月7日", DateFault.NOT_IN_ERA),
        ("平成31年5月1日", DateFault.NOT_IN_ERA),
        ("平成99年1月1日", DateFault.NOT_IN_ERA),
        ("20261121", DateFault.FUTURE),
        ("令和8年11月21日", DateFault.FUTURE),
    ],
)
def test_a_date_that_is_none_is_refused_with_its_reason(typed: str, fault: DateFault) -> None:
    with pytest.raises(PrintedDateError) as refused:
        parse_printed_date(typed, TODAY)
    assert refused.value.fault is fault
    assert typed == "" or typed not in str(refused.value)


@given(st.dates(date(1868, 1, 25), TODAY))
def test_every_day_is_understood_as_it_is_shown(day: date) -> None:
    assert parse_printed_date(show_in_era(day), TODAY) == day
    assert parse_printed_date(f"{day:%Y%m%d}", TODAY) == day


@given(st.text(max_size=20))
def test_any_text_is_a_past_day_or_refused(typed: str) -> None:
    with suppress(PrintedDateError):
        assert date(1868, 1, 25) <= parse_printed_date(typed, TODAY) <= TODAY


def test_calls_from_workers_run_in_the_gui_thread_in_their_order(qtbot: QtBot) -> None:
    gui = GuiThread()
    seen: list[tuple[int, bool]] = []

    def see(number: int) -> None:
        seen.append((number, QThread.currentThread() is gui.thread()))

    def work() -> None:
        for number in range(20):
            gui.post(partial(see, number))

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == [(number, True) for number in range(20)]


def test_a_copy_is_kept_out_of_histories_and_forgotten(qapp: QApplication) -> None:
    clipboard = QGuiApplication.clipboard()
    copy_protected("7K3D", 60)
    formats = clipboard.mimeData().formats()
    for name in (
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    ):
        assert f'application/x-qt-windows-mime;value="{name}"' in formats
    forget_copied("7K3D")
    assert clipboard.text() == ""


def test_a_copy_goes_by_itself_after_its_time(qtbot: QtBot) -> None:
    copy_protected("7K3D", 0)
    assert QGuiApplication.clipboard().text() == "7K3D"
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "", timeout=60_000)


def test_what_somebody_else_copied_since_is_left_alone(qapp: QApplication) -> None:
    copy_protected("7K3D", 60)
    QGuiApplication.clipboard().setText("theirs")
    forget_copied("7K3D")
    assert QGuiApplication.clipboard().text() == "theirs"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "calc.exe", "", "ms-settings:x"])
def test_only_web_addresses_are_opened(url: str) -> None:
    assert not open_in_browser(url)


@pytest.mark.parametrize("sound", Sound)
def test_every_sound_is_short_and_made_here(sound: Sound) -> None:
    stored = (resources_folder() / "sounds" / f"{sound}.wav").read_bytes()
    assert stored == wav(sound)
    with wave.open(BytesIO(stored)) as heard:
        assert heard.getnframes() / heard.getframerate() <= 0.4


@pytest.mark.parametrize(
    "message, word, leaves",
    [
        (0x02B1, 0x7, True),
        (0x02B1, 0x2, True),
        (0x02B1, 0x4, True),
        (0x02B1, 0x8, False),
        (0x0218, 0x4, True),
        (0x0218, 0x12, False),
        (0x0100, 0x7, False),
    ],
    ids=["lock", "switch user", "remote ends", "unlock", "sleep", "wake", "a key"],
)
def test_windows_messages_that_mean_leaving_are_told_apart(message: int, word: int, leaves: bool) -> None:
    left: list[bool] = []
    watch = SessionWatch(lambda: left.append(True))
    told = wintypes.MSG()
    told.message, told.wParam = message, word
    assert watch.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(told)) == (False, 0)
    assert watch.nativeEventFilter(b"xcb_generic_event_t", 0) == (False, 0)
    assert bool(left) is leaves
