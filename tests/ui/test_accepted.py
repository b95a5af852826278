"""What is kept of an accepted picture is enough to notice what a person would."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from myna_app.ui.theme import app_font
from myna_app.ui.tokens import DARK, LIGHT, Tokens
from tests.ui import accepted

pytestmark = pytest.mark.usefixtures("qapp")
LINE = "この方の資格は有効です。"
_TOP, _LINE_HEIGHT = 20, 24


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(accepted, "REFERENCE", tmp_path / "reference")


def picture(file: Path, line: str, *, cut: int = 0, right: int = 0, tokens: Tokens = LIGHT) -> Path:
    """A line in the size of most of what stands on a page; `cut` points are missing below, and it stands `right`."""
    file.parent.mkdir(exist_ok=True)
    pixmap = QPixmap(400, 80)
    pixmap.fill(QColor(tokens.bg))
    painter = QPainter(pixmap)
    painter.setFont(app_font(16))
    painter.setPen(QColor(tokens.text))
    painter.setClipRect(0, 0, 400, _TOP + _LINE_HEIGHT - 4 - cut)  # 4: what is free below the letters
    painter.drawText(16 + right, _TOP, 380, _LINE_HEIGHT, Qt.AlignmentFlag.AlignVCenter, line)
    painter.end()
    pixmap.save(str(file))
    return file


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    "line, cut, right",
    [
        pytest.param("この方の資格は無効です。", 0, 0, id="another letter"),
        pytest.param("この方の資格は有効です", 0, 0, id="no full stop"),
        pytest.param(LINE, 6, 0, id="cut by six points"),
        pytest.param(LINE, 0, 4, id="four points to the right"),
    ],
)
def test_what_a_person_would_notice_is_told(tmp_path: Path, tokens: Tokens, line: str, cut: int, right: int) -> None:
    accepted.accept("shape", 100, [picture(tmp_path / "M-13.png", LINE, tokens=tokens)])
    now = picture(tmp_path / "now" / "M-13.png", line, cut=cut, right=right, tokens=tokens)
    assert set(accepted.changes("shape", 100, [now])) == {"M-13"}


def test_the_same_picture_is_accepted_and_screens_that_came_or_went_are_told(tmp_path: Path) -> None:
    known, came = (picture(tmp_path / f"{name}.png", LINE) for name in ("known", "came"))
    accepted.accept("shape", 100, [known, picture(tmp_path / "went.png", LINE)])
    assert accepted.changes("shape", 100, [known, came]) == {"came": "came", "went": "went"}
