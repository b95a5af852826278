"""Ways through all pages of an area, for whoever walks them: by mouse or keyboard, on a phone or at a desk."""

from collections.abc import Callable
from pathlib import Path

from tests.backend.issuing import Holder, person
from tests.backend.running import Terminal
from tests.pages.browsing import Visitor
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import mailed_code

Look = Callable[[str], None]
"""Looks at the page that is open, which must have this 画面番号."""
CARE = {
    "insurer_number": "990077", "insurer_name": "見本県架空市", "insured_number": "0000000107", "name": "介護　はな",
    "birthdate": "19440120", "care_level": "22", "certified_on": "20260320", "burden_ratio": "10",
}  # fmt: skip
NOTICE = b"%PDF-1.7\n%%EOF\n"
OUT_OF_TIME = 31
"""Minutes."""


def through_the_portal(pages: Pages, one: Visitor, look: Look) -> None:
    one.open("/portal/signin")
    look("P-01")
    one.press("サインイン")
    look("P-01")
    one.sign_in("portal", "clinic-applicant", PASSWORD)
    look("P-02")
    one.press("利用申請をはじめる")
    look("P-03")
    one.press("確認へ進む")
    look("P-03")
    one.fill(staff_count="12", terminal_count="2")
    one.tick("terms")
    one.press("確認へ進む")
    look("P-04")
    one.press("修正する")
    assert one.page.locator("#terminal_count").input_value() == "2"
    pages.server.clock.advance(minutes=OUT_OF_TIME)
    one.press("確認へ進む")
    look("P-01")
    one.fill(login="clinic-applicant", password=PASSWORD)
    one.press("サインイン")
    look("P-12")
    one.press("つづける")
    one.press("申請する")
    look("P-05")
    _hand_in_the_notification(one, look)
    _look_after_accounts(one, look)


def _change_password(one: Visitor, look: Look, screen: str) -> None:
    one.press("パスワードの変更")
    look(screen)
    one.press("変更する")
    look(screen)
    one.fill(password=PASSWORD, new_password="another one, longer", again="another one, longer")
    one.press("変更する")
    look(screen)
    assert "変更しました" in one.text


def _hand_in_the_notification(one: Visitor, look: Look) -> None:
    one.press("通知書を提出する")
    look("P-10")
    one.press("提出する")
    look("P-10")
    one.page.locator("#file").set_input_files({"name": "x.bin", "mimeType": "a/b", "buffer": NOTICE})
    one.press("提出する")
    look("P-05")
    one.open("/admin/applications")
    look("A-02")
    one.press("受付番号1の承認")
    look("A-02")


def _look_after_accounts(one: Visitor, look: Look) -> None:
    one.open("/portal")
    look("P-02")
    one.press("アカウント一覧")
    look("P-06")
    one.press("W0000004のユーザー設定情報を表示")
    look("P-11")
    one.press("作って表示する")
    look("P-08")
    one.press("アカウント一覧へ")
    one.press("W0000004の端末の解除")
    look("P-07")
    one.press("端末の解除を実行する")
    look("P-07")
    one.press("運用開始日")
    look("P-09")
    one.fill(starts_on="2026-12-01")
    one.press("変更する")
    assert "2026年12月1日" in one.text
    _change_password(one, look, "P-13")
    one.open("/portal/accounts/W0000001/stop")
    look("P-00")


def through_the_web_service(pages: Pages, one: Visitor, look: Look, folder: Path) -> None:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    pages.server.load(folder / "deck", person(care=CARE))
    one.open("/web/signin")
    look("K-01")
    one.sign_in("web", "manager", PASSWORD)
    look("K-02")
    one.press("確認する")
    look("K-02")
    one.fill(code=mailed_code(pages.server))
    one.press("確認する")
    look("K-03")
    _change_password(one, look, "K-13")
    _register_a_terminal(pages, one, look, terminal.terminal_id)
    one.press("介護保険情報")
    look("K-05")
    assert terminal.first_visit(Holder()).status == 200
    one.press("最新の情報にする")
    look("K-05")
    assert "要介護2" in one.text
    assert "1割" in one.text
    _look_after_users(one, look)
    one.press("マイナ資格確認アプリ情報登録")
    one.press(f"{pages.care.user_id}の登録の取り消し")
    look("J-3")
    one.press("やめる")
    look("J-1")
    one.open("/web/care")
    one.press("サインアウト")
    look("K-01")
    with pages.server.backend.store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM last_reads").scalar() == 0
    one.open("/web/users/x/y")
    look("K-00")


def _register_a_terminal(pages: Pages, one: Visitor, look: Look, terminal_id: str) -> None:
    one.press("マイナ資格確認アプリ情報登録")
    look("J-1")
    one.press("端末を登録する")
    look("J-2")
    one.press("登録する")
    look("J-2")
    assert "失敗" in one.text
    one.fill(user_id=pages.care.user_id, password=pages.care.password, terminal_id=terminal_id)
    one.press("登録する")
    look("J-2")
    assert "成功" in one.text
    one.press("登録した端末へ")
    look("J-1")


def _look_after_users(one: Visitor, look: Look) -> None:
    one.press("利用者の管理")
    look("K-04")
    one.press("追加する")
    look("K-04")
    one.fill(login="new.one", name="見本　新人", mail="new@example.jp")
    one.choose("role", "general")
    one.press("追加する")
    look("K-06")
    one.press("利用者の管理へ")
    one.press("new.oneのパスワードの作りなおし")
    look("K-07")
    one.press("パスワードの作りなおしを実行する")
    look("K-06")
    one.press("利用者の管理へ")
    one.press("new.oneの削除")
    one.press("利用者の削除を実行する")
    look("K-04")
    assert "new.one" not in one.text


def through_administration(pages: Pages, one: Visitor, look: Look, folder: Path) -> None:
    pages.server.load(folder / "deck", person())
    one.open("/admin")
    look("A-01")
    one.press("人物")
    look("A-03")
    one.press("p01の拒否する")
    look("A-03")
    one.press("p01の拒否をやめる")
    one.press("アカウント")
    look("A-04")
    one.press("W0000001の利用停止")
    look("A-04")
    one.press("W0000001の停止の解除")
    one.press("記録")
    look("A-05")
    one.press("郵便受け")
    look("A-06")
    one.press("試験用の障害")
    look("A-07")
    one.press("起こす")
    look("A-07")
    one.choose("fault", "terms:lost")
    one.fill(times="3")
    one.press("起こす")
    look("A-07")
    assert "3回" in one.text
    one.press("利用規約の取得に起こることの取り消し")
    assert "3回" not in one.text
    one.open("/admin/accounts/x/nothing")
    look("A-00")
