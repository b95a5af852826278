"""Bad input: forms keep what was typed and say which field and why; files are told by what is inside."""

import io
import zipfile
from pathlib import Path

import pytest

from myna_app.formats.terminal_id import show_terminal_id
from myna_backend.notifications import Kind, kind_of
from tests.backend.running import Terminal
from tests.pages.conftest import PASSWORD, Pages
from tests.pages.forms import Client

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30) + b"IEND\xaeB`\x82"

APPLICATION = {"staff_count": "3", "terminal_count": "1", "terms": "on", "form_key": "x"}


def archive(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as content:
        for name in names:
            content.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...\n%%EOF\n", Kind.PDF),
        (PNG, Kind.PNG),
        (archive("[Content_Types].xml", "xl/workbook.xml"), Kind.EXCEL),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "Workbook".encode("utf-16-le"), Kind.OLD_EXCEL),
        (b"", None),
        (b"%PDF-1.7 cut off", None),
        (PNG[:-1], None),
        (archive("word/document.xml"), None),
        (b"MZ" + bytes(100), None),
        (b"<html>%PDF-1.7 %%EOF", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), None),
        (archive("[Content_Types].xml", "xl/workbook.xml")[:-10], None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: Kind | None) -> None:
    assert kind_of(io.BytesIO(content)) is kind


def test_a_notification_is_kept_whole_and_asked_for_once(pages: Pages, tmp_path: Path) -> None:
    client = Client(pages.server)
    client.sign_in("clinic-applicant")
    client.post("/portal/apply/send", APPLICATION)
    path = "/portal/notification/1"
    refused = client.post(path, files={"file": ("a.pdf", b"no pdf")})
    assert refused.status_code == 422
    assert "100MBまでのPDF、PNG、Excel" in refused.text
    assert client.post(path, files={"file": ("../../x", PNG)}).headers["Location"] == "/portal/applied/1"
    assert (tmp_path / "notifications" / "1.png").read_bytes() == PNG
    saved = client.get("/admin/applications/1/notification")
    assert (saved.content, saved.headers["Content-Type"]) == (PNG, "image/png")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="notification-1.png"'
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/admin/applications/2/notification").status_code == 404
    assert client.post(path, files={"file": ("a.png", PNG)}).headers["Location"] == "/portal"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("staff_count", "０"), ("staff_count", "-1"), ("staff_count", ""), ("staff_count", "100000"),
     ("terminal_count", "0"), ("terminal_count", "21"), ("terminal_count", "三"), ("terms", "")],
)  # fmt: skip
def test_an_application_says_which_field_and_keeps_the_others(pages: Pages, field: str, typed: str) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    right = {"staff_count": "345", "terminal_count": "7", "terms": "on"}
    answer = client.post("/portal/apply", {**right, field: typed})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    for name in right.keys() - {field, "terms"}:
        assert f'value="{right[name]}"' in answer.text
    assert client.post("/portal/apply/send", {**right, "form_key": "x", field: typed}).status_code == 422


def test_what_is_typed_is_never_markup(pages: Pages) -> None:
    client = Client(pages.server)
    answer = client.post("/portal/signin", {"login": '"><script>alert(1)</script>', "password": "x"})
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_password_is_not_sent_back(pages: Pages) -> None:
    answer = Client(pages.server).post("/portal/signin", {"login": "nobody", "password": "my secret words"})
    assert answer.status_code == 422
    assert "my secret words" not in answer.text


def test_lists_are_saved_as_files_that_excel_reads(pages: Pages) -> None:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    client = Client(pages.server)
    client.sign_in("applicant")
    client.sign_in("manager")
    shown = show_terminal_id(terminal.terminal_id)
    accounts = client.get("/portal/accounts.csv")
    assert accounts.headers["Content-Disposition"] == 'attachment; filename="accounts.csv"'
    assert accounts.content.startswith(b"\xef\xbb\xbf")
    head, row, *others = accounts.content.decode("utf-8-sig").splitlines()
    assert (head, row, others) == (
        "ユーザID,機関コード,状態,端末固有ID", f"{pages.care.user_id},8888888888,利用中,{shown}", []
    )  # fmt: skip
    fields = {"user_id": pages.care.user_id, "password": pages.care.password, "terminal_id": shown}
    assert "成功" in client.post("/web/terminals/new", fields).text
    registered = client.get("/web/terminals.csv").content.decode("utf-8-sig").splitlines()
    assert registered[1].startswith(f"{pages.care.user_id},{shown},2026/")


NEW_PASSWORD = "another one, longer"


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [("wrong", NEW_PASSWORD, NEW_PASSWORD, "password"), (PASSWORD, "too short", "too short", "new_password"),
     (PASSWORD, NEW_PASSWORD, NEW_PASSWORD + ".", "again"), (PASSWORD, "", "", "new_password"),
     (PASSWORD, "x" * 129, "x" * 129, "new_password")],
)  # fmt: skip
def test_a_password_that_does_not_fit_changes_nothing(
    pages: Pages, current: str, new: str, again: str, field: str
) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    answer = client.post("/portal/password", {"password": current, "new_password": new, "again": again})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert not new or new not in answer.text
    assert client.sign_in("applicant").status_code == 303


def test_a_new_password_ends_every_other_session(pages: Pages) -> None:
    mine, elsewhere = Client(pages.server), Client(pages.server)
    for client in (mine, elsewhere):
        client.sign_in("applicant")
    fields = {"password": PASSWORD, "new_password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert mine.post("/portal/password", fields).status_code == 200
    assert mine.get("/portal").status_code == 200
    assert elsewhere.get("/portal").status_code == 303
    assert Client(pages.server).sign_in("applicant").status_code == 422
    assert Client(pages.server).sign_in("applicant", NEW_PASSWORD).status_code == 303


def test_a_new_password_is_not_guessed_from_an_open_session(pages: Pages) -> None:
    client = Client(pages.server)
    client.sign_in("applicant")
    fields = {"password": "wrong", "new_password": NEW_PASSWORD, "again": NEW_PASSWORD}
    statuses = [client.post("/portal/password", fields).status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_form_that_is_too_large_is_not_read(pages: Pages) -> None:
    assert Client(pages.server).post("/portal/signin", {"login": "x" * 70_000}).status_code == 413
