"""M-23: version and day, the terms that were agreed to, whom to call, licences; and what is copied for a call."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from myna_app.flow import State
from myna_app.flow.states import About, FaceCheck
from myna_app.ui.window import MainWindow
from tests.ui.looking import button, named, settle, visible_text
from tests.ui.side_states import UPDATE
from tests.ui.states import DESK, FRESH, IMPRINT, SCREENS


def test_the_about_page_names_office_contact_and_licences(window: MainWindow) -> None:
    window.show_state(SCREENS["M-23"])
    seen = visible_text(window)
    for part in (
        "資格確認アプリ　版 0.1.0（2026年11月20日）",
        "見本診療所",
        "見本県国保連合会",
        "LGPL-3.0",
        "デジタル庁デザインシステム",
    ):
        assert part in seen


def test_the_terms_that_were_agreed_to_unfold_and_fold_again(window: MainWindow) -> None:
    window.show_state(SCREENS["M-23"])
    assert "利用規約：版 1.2に、2026年4月1日" in visible_text(window)
    assert "第3条" not in visible_text(window)
    button(window, "M-23.terms").click()
    settle()
    assert "第3条" in visible_text(window)
    button(window, "M-23.terms").click()
    settle()
    assert "第3条" not in visible_text(window)


def test_terms_whose_text_got_lost_are_still_named_and_none_are_where_nobody_agreed(window: MainWindow) -> None:
    assert IMPRINT.agreement is not None
    lost = replace(IMPRINT, agreement=replace(IMPRINT.agreement, text=""))
    window.show_state(State(About(FaceCheck(), lost), DESK))
    assert "利用規約：版 1.2に" in visible_text(window)
    assert not named(window, "M-23.terms").isVisible()
    window.show_state(State(About(FaceCheck(), replace(IMPRINT, agreement=None)), FRESH))
    assert "利用規約：" not in visible_text(window)


def test_the_version_is_copied_with_its_system_and_without_the_office(window: MainWindow) -> None:
    window.show_state(SCREENS["M-23"])
    button(window, "M-23.copy").click()
    first, *rest = QGuiApplication.clipboard().text().splitlines()
    assert first == "資格確認アプリ　版 0.1.0（2026年11月20日）"
    assert [line.partition(" ")[0] for line in rest[1:]] == ["Qt", "利用規約：版"]
    assert "見本" not in QGuiApplication.clipboard().text()
    assert "コピーしました。60秒後に消えます。" in visible_text(window)


def test_a_newer_version_that_is_known_is_told(window: MainWindow) -> None:
    window.show_state(SCREENS["M-23"])
    assert "新しい版" not in visible_text(window)
    window.show_state(State(About(FaceCheck(), IMPRINT), replace(DESK, update=UPDATE)))
    assert "新しい版 9.0.0 があります。" in visible_text(window)


def test_a_run_from_sources_has_a_version_without_a_day(window: MainWindow) -> None:
    window.show_state(State(About(FaceCheck()), DESK))
    assert "資格確認アプリ　版 0.1.0" in visible_text(window)
    window.show_state(State(About(FaceCheck(), replace(IMPRINT, built=None)), DESK))
    assert "資格確認アプリ　版 0.1.0" in visible_text(window).splitlines()


def test_every_component_has_its_licence_to_read(window: MainWindow) -> None:
    window.show_state(SCREENS["M-23"])
    listed = named(window, "M-23.components")
    assert isinstance(listed, QListWidget)
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "cryptography 50.0.2　Apache-2.0 OR BSD-3-Clause",
        "segno 1.6.6　BSD-3-Clause",
    ]
    assert not named(window, "M-23.licence").isVisible()
    listed.setFocus()
    QTest.keyClick(listed, Qt.Key.Key_Home)
    settle()
    assert "Licence text" in visible_text(window)
