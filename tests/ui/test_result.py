"""M-13: every verdict is told, and nothing of a visitor outlives it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QWindowStateChangeEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGridLayout
from pytestqt.qtbot import QtBot

from myna_app.flow import State
from myna_app.flow.events import Cleared
from myna_app.flow.states import FaceCheck, Locked, Result
from myna_app.formats.eligibility import Eligibility
from myna_app.ui.native import Sound
from myna_app.ui.pages.m13_result import ResultPage
from myna_app.ui.ports import Kit, SoundChoice
from myna_app.ui.theme import TextSize
from myna_app.ui.widgets.labels import Value
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener, Silence, make_kit
from tests.ui.looking import button, every_trace, lines_of, named, settle, visible_text
from tests.ui.states import CARD_LEFT, CARE_DESK, DESK, LOCKED, LONG, LOST, QUALIFICATION, RESULTS, TWIN, answer

PERSONAL = [
    "架空　一郎",
    "カクウ",
    "1985",
    "昭和60年",
    "06990014",
    "９９０１",
    "架空健康保険組合",
    "喪失　次郎",
    "1979",
    "双子",
    "990036",
    "０００４５６",
    "寿限無",
    "ジュゲム",
    "Ａｌｅｘ",
    "39990049",
    "髙",
    "0000123456",
    "保護　四郎",
    "9990011",
    "01990027",
    "99000002",
]


def page_of(window: MainWindow) -> ResultPage:
    page = window._page
    assert isinstance(page, ResultPage)
    return page


@pytest.mark.parametrize(
    "name, told",
    [
        ("valid", ["資格は有効です", "架空　一郎", "カクウ イチロウ", "昭和60年4月12日（1985-04-12）", "06990014"]),
        (
            "invalid",
            ["資格は無効です", "令和8年10月1日に資格がなくなっています", "喪失　次郎", "架空健康保険組合（無効）"],
        ),
        ("invalid_bare", ["資格は無効です", "最近、保険が変わったか聞いてください。"]),
        ("superseded", ["新しい資格があります", "前の資格は無効です。下の新しい資格を使ってください。", "架空　一郎"]),
        ("not_found", ["資格が見つかりませんでした", "まだ登録されていないことがあります", "次の方を読み取る(&N)"]),
        (
            "multiple",
            ["資格が2つ以上見つかりました", "使う資格を、患者さまに確認してください。", "見本県架空市（国民健康保険）"],
        ),
        ("unregistered", ["資格は有効です（未登録）", "公費負担者番号", "受給者番号", "9990011"]),
        ("care", ["本人確認ができました", "利用者さまの情報を見てください。", "WEBサービスを開く(&W)"]),
    ],
)
def test_every_verdict_says_what_it_is_and_when_it_was_asked(window: MainWindow, name: str, told: list[str]) -> None:
    window.show_state(RESULTS[name])
    settle()
    seen = visible_text(window)
    assert [part for part in told if part not in seen] == []
    assert "に確認しました" in seen


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("next_state", [State(FaceCheck(), DESK), State(Locked(), LOCKED)], ids=["next", "locked"])
def test_nothing_of_a_visitor_is_left_in_any_widget(window: MainWindow, name: str, next_state: State) -> None:
    window.show_state(RESULTS[name])
    if name == "superseded":
        assert "前の資格 01990027" in every_trace(window)
    if name == "multiple":
        page_of(window)._list.picked.emit("1")
    settle()
    window.show_state(next_state)
    traces = every_trace(window)
    assert [part for part in PERSONAL if part in traces] == []


def test_closing_the_window_wipes_the_result_too(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    window.close()
    traces = every_trace(window)
    assert [part for part in PERSONAL if part in traces] == []


def test_one_visitors_data_are_never_shown_with_anothers(window: MainWindow) -> None:
    window.show_state(RESULTS["valid_long"])
    window.show_state(RESULTS["not_found"])
    seen = every_trace(window)
    assert [part for part in PERSONAL if part in seen] == []


@pytest.mark.parametrize("name", RESULTS)
def test_what_is_announced_and_titled_holds_no_personal_data(qtbot: QtBot, window: MainWindow, name: str) -> None:
    with qtbot.waitSignal(window.announcer.announced) as spoken:
        window.show_state(RESULTS[name])
    text, assertive = spoken.args
    assert assertive
    assert text.startswith("読み取りが終わりました。判定、")
    assert [part for part in PERSONAL if part in text + window.windowTitle()] == []


def test_a_lost_eligibility_shows_no_number_that_could_be_billed(window: MainWindow) -> None:
    lost = replace(LOST, insurer_number="06990014", insured_identification_number="７７７")
    window.show_state(State(Result(answer(2, lost)), DESK))
    assert "06990014" not in visible_text(window)
    assert "７７７" not in visible_text(window)


def test_a_value_is_reached_by_tab_and_cannot_be_selected(window: MainWindow) -> None:
    """What is selected and copied by Ctrl+C stays in the clipboard's history, also where copying is forbidden."""
    window.show_state(RESULTS["valid"])
    settle()
    reached = set()
    for _ in range(30):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    values = [value for value in page_of(window)._values.findChildren(Value) if value.isVisible()]
    assert values
    assert set(values) <= reached
    QApplication.clipboard().clear()
    for value in values:
        QTest.mouseDClick(value, Qt.MouseButton.LeftButton)
        QTest.keyClick(value, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == ""


def test_of_a_new_eligibility_what_has_changed_stands_beside_what_was_before(window: MainWindow) -> None:
    window.show_state(RESULTS["superseded"])
    settle()
    names = [value.accessibleName() for value in page_of(window)._values.findChildren(Value) if value.isVisible()]
    place = names.index("保険者番号 06990014")
    assert names[place + 1] == "前の資格 01990027"
    assert "氏名 架空　一郎" in names
    assert names[names.index("氏名 架空　一郎") + 1] == "フリガナ カクウ イチロウ"


def test_of_a_hidden_number_what_was_before_is_hidden_too(open_window: Callable[[Kit], MainWindow], kit: Kit) -> None:
    window = open_window(replace(kit, options=replace(kit.options, mask_numbers=True)))
    window.show_state(RESULTS["superseded"])
    traces = every_trace(window)
    assert "01990027" not in traces
    assert "99000002" not in traces
    assert "全国架空健康保険協会" in traces


def test_a_number_is_never_torn(window: MainWindow) -> None:
    """Full-width digits may go on in the next line anywhere, and half a number is a wrong one."""
    window.show_state(State(Result(answer(1, LONG)), DESK))
    settle()
    number = LONG.insured_identification_number or ""
    shown = next(one for one in page_of(window)._values.findChildren(Value) if number in one.text())
    lines = [line for line, _width in lines_of(shown)]
    assert len(lines) > 1
    assert any(number in line for line in lines)


@pytest.mark.parametrize("text_size", TextSize)
def test_no_value_is_cut(open_window: Callable[[Kit], MainWindow], text_size: TextSize) -> None:
    window = open_window(make_kit(text_size=text_size))
    window.show_state(RESULTS["valid_long"])
    settle()
    shown = [one for one in page_of(window)._values.findChildren(Value) if one.isVisible()]
    cut = [one.text() for one in shown for _line, end in lines_of(one) if end > one.contentsRect().width() + 1]
    assert cut == []


def test_notices_are_told_and_unknown_ones_left_out(window: MainWindow) -> None:
    window.show_state(RESULTS["valid_long"])
    settle()
    seen = visible_text(window)
    assert "電子証明書の期限が近づいています（2027年2月3日まで）" in seen
    assert "資格の確認だけできます（2027年1月31日まで）" in seen
    assert "受付のシステムに入らないことがある文字：髙（JISにない字）" in seen


def test_a_black_dot_in_a_name_is_explained(window: MainWindow) -> None:
    window.show_state(State(Result(answer(1, TWIN)), DESK))
    settle()
    assert "氏名に●があっても、そのまま請求できます。" in visible_text(window)


def test_a_long_result_shows_everything(window: MainWindow) -> None:
    window.show_state(RESULTS["valid_long"])
    settle()
    seen = visible_text(window)
    for part in (
        "低所得Ⅱ",
        "人工透析",
        "医療券",
        "入院外",
        "特別療養費支給対象者",
        "1割",
        "令和9年7月31日",
        "該当（義務教育就学前）",
    ):
        assert part in seen


def test_a_value_is_spoken_with_its_term_when_the_focus_is_on_it(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    names = [value.accessibleName() for value in page_of(window)._values.findChildren(Value)]
    assert "氏名 架空　一郎" in names


def test_an_idle_result_clears_itself_and_warns_ten_seconds_before(
    qtbot: QtBot, window: MainWindow, journey: Listener
) -> None:
    window.show_state(RESULTS["valid"])
    idle = page_of(window)._idle
    assert "あと60秒で消えます" in visible_text(window)
    with qtbot.waitSignal(window.announcer.announced):
        pass
    with qtbot.waitSignal(window.announcer.announced) as warning:
        for _ in range(50):
            idle.pass_second()
    assert "▲ あと10秒で消えます。何か押すと続きます。" in visible_text(window)
    assert warning.args == ["あと10秒で表示を消します。続けるときは、どれかのキーを押してください。", True]
    for _ in range(9):
        idle.pass_second()
    assert journey.events == []
    idle.pass_second()
    assert journey.events == [Cleared()]


@pytest.mark.parametrize("act", [QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel])
def test_any_key_or_click_extends_a_result(window: MainWindow, journey: Listener, act: QEvent.Type) -> None:
    window.show_state(RESULTS["valid"])
    idle = page_of(window)._idle
    for _ in range(59):
        idle.pass_second()
    idle.eventFilter(window, QEvent(act))
    idle.pass_second()
    assert journey.events == []
    assert "あと59秒で消えます" in visible_text(window)


def test_a_key_that_is_a_shortcut_extends_a_result_too(window: MainWindow, journey: Listener) -> None:
    """Qt keeps its press from everybody else: Enter, F4, Ctrl and a digit would count as nobody being there."""
    window.show_state(RESULTS["valid"])
    settle()
    idle = page_of(window)._idle
    for _ in range(59):
        idle.pass_second()
    QTest.keyClick(window, Qt.Key.Key_F4)
    idle.pass_second()
    assert journey.events == []
    assert "あと59秒で消えます" in visible_text(window)


def test_moving_the_mouse_alone_does_not_extend_a_result(window: MainWindow, journey: Listener) -> None:
    window.show_state(RESULTS["valid"])
    idle = page_of(window)._idle
    for _ in range(59):
        idle.pass_second()
    idle.eventFilter(window, QEvent(QEvent.Type.MouseMove))
    idle.pass_second()
    assert journey.events == [Cleared()]


def test_the_countdown_ends_with_the_page(window: MainWindow) -> None:
    window.show_state(RESULTS["valid"])
    idle = page_of(window)._idle
    window.show_state(State(FaceCheck(), DESK))
    assert not idle._second.isActive()
    assert "秒で消えます" not in every_trace(window)


def test_minimising_clears_a_result(window: MainWindow, journey: Listener) -> None:
    window.show_state(RESULTS["valid"])
    window.setWindowState(Qt.WindowState.WindowMinimized)
    QApplication.sendEvent(window, QWindowStateChangeEvent(Qt.WindowState.WindowNoState))
    assert set(map(type, journey.events)) == {Cleared}


def test_a_card_left_behind_is_reminded_of_once_with_a_sound(window: MainWindow, sounds: Silence) -> None:
    window.show_state(State(RESULTS["valid"].screen, CARD_LEFT))
    assert "カードが置いたままです" not in visible_text(window)
    page_of(window).remind()
    assert "カードが置いたままです。患者さまにお返しください。" in visible_text(window)
    assert sounds.played == [Sound.VALID, Sound.REMINDER]
    window.show_state(RESULTS["valid"])
    assert "カードが置いたままです" not in visible_text(window)


def test_no_reminder_when_the_card_was_taken(window: MainWindow, sounds: Silence) -> None:
    window.show_state(RESULTS["valid"])
    page_of(window).remind()
    assert "カードが置いたままです" not in visible_text(window)
    assert sounds.played == [Sound.VALID]


@pytest.mark.parametrize(
    "name, sound",
    [
        ("valid", Sound.VALID),
        ("invalid", Sound.INVALID),
        ("superseded", Sound.RENEWED),
        ("not_found", Sound.UNCLEAR),
        ("multiple", Sound.UNCLEAR),
        ("care", Sound.VALID),
    ],
)
def test_every_verdict_has_its_sound(window: MainWindow, sounds: Silence, name: str, sound: Sound) -> None:
    window.show_state(RESULTS[name])
    assert sounds.played == [sound]


@pytest.mark.parametrize(
    "choice, heard",
    [
        (SoundChoice.ALL, [Sound.VALID, Sound.INVALID]),
        (SoundChoice.PROBLEMS, [Sound.INVALID]),
        (SoundChoice.NONE, []),
    ],
)
def test_the_choice_of_sounds_is_obeyed(
    open_window: Callable[[Kit], MainWindow], kit: Kit, sounds: Silence, choice: SoundChoice, heard: list[Sound]
) -> None:
    window = open_window(replace(kit, options=replace(kit.options, sound=choice)))
    window.show_state(RESULTS["valid"])
    window.show_state(State(FaceCheck(), DESK))
    window.show_state(RESULTS["invalid"])
    assert sounds.played == heard


def test_the_web_service_is_opened_in_the_browser(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("myna_app.ui.pages.m13_result.open_in_browser", opened.append)
    window.show_state(RESULTS["care"])
    button(window, "M-13.web").click()
    assert opened == ["https://care.example/"]


def test_without_an_address_no_web_service_is_offered(window: MainWindow) -> None:
    window.show_state(State(Result(answer(None)), replace(CARE_DESK, web_service_url=None)))
    assert not named(window, "M-13.web").isVisible()


@pytest.mark.parametrize("code", ["01", "77", "A9"])
def test_no_code_value_breaks_the_page(window: MainWindow, code: str) -> None:
    odd = replace(QUALIFICATION, sex1=code, insured_card_classification=code, birthdate="99999999", reason_of_loss=code)
    window.show_state(State(Result(answer(1, odd)), DESK))
    seen = visible_text(window)
    assert "99999999" in seen
    if code != "01":
        assert f"未知のコード（{code}）" in seen


def test_every_long_name_of_the_deck_fits(window: MainWindow) -> None:
    eligibility: Eligibility = answer(1, LONG)
    window.show_state(State(Result(eligibility), DESK))
    settle()
    grid = page_of(window)._values
    assert grid.width() <= page_of(window).width()


def test_lines_of_advice_and_notices_do_not_pile_up_over_the_day(window: MainWindow) -> None:
    """A grid never gives up rows: with one more a visit, every layout of the evening would be slower."""

    def rows() -> list[int]:
        return sorted(grid.rowCount() for grid in window.findChildren(QGridLayout))

    for state in RESULTS.values():
        window.show_state(state)
    before = rows()
    for state in (*RESULTS.values(), *RESULTS.values()):
        window.show_state(state)
    assert rows() == before
