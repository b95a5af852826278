"""Colours: readable by arithmetic, and written in one place only."""

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from myna_app.ui import tokens as colours
from myna_app.ui.style_sheet import style_sheet
from myna_app.ui.theme import Scheme, TextSize, Theme, choose_tokens, palette
from myna_app.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, SYSTEM, Tokens, Tone

COLUMNS = [LIGHT, DARK, HIGH_CONTRAST]
NAMES = ["light", "dark", "high contrast"]


def luminance(colour: str) -> float:
    """WCAG 2.x relative luminance."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic_agrees_with_the_published_figures() -> None:
    assert contrast("#333333", "#ffffff") == pytest.approx(12.63, abs=0.01)
    assert contrast("#ec0000", "#ffffff") == pytest.approx(4.59, abs=0.01)
    assert contrast("#ffd43d", "#ffffff") == pytest.approx(1.42, abs=0.01)


@pytest.mark.parametrize("t", COLUMNS, ids=NAMES)
def test_every_text_is_readable_on_what_it_stands_on(t: Tokens) -> None:
    pairs = [
        (t.text, t.bg),
        (t.text, t.bg_subtle),
        (t.text_strong, t.bg),
        (t.text_strong, t.bg_subtle),
        (t.text_muted, t.bg),
        (t.text_muted, t.bg_subtle),
        (t.link, t.bg),
        (t.link, t.hover_faint),
        (t.primary, t.bg),
        (t.error_text, t.bg),
        (t.error_text, t.bg_subtle),
        (t.on_primary, t.primary),
        (t.on_primary, t.primary_hover),
        (t.on_primary, t.primary_active),
        (t.hover.fg, t.hover.bg),
        (t.active.fg, t.active.bg),
        *((t.tone(tone).fg, t.tone(tone).bg) for tone in Tone),
        *((t.text_strong, t.tone(tone).bg) for tone in Tone),
        *((t.tone(tone).fg, t.bg) for tone in Tone),
    ]
    assert [(a, b, round(contrast(a, b), 2)) for a, b in pairs if contrast(a, b) < 4.5] == []


@pytest.mark.parametrize("t", COLUMNS, ids=NAMES)
def test_edges_of_controls_and_the_focus_ring_can_be_seen(t: Tokens) -> None:
    assert contrast(t.border, t.bg) >= 3
    assert contrast(t.border_hover, t.bg) >= 3
    assert contrast(t.focus_inner, t.focus_outer) >= 4.5
    assert max(contrast(t.focus_outer, t.bg), contrast(t.focus_hairline, t.bg)) >= 4.5
    assert max(contrast(t.focus_inner, t.primary), contrast(t.focus_outer, t.primary)) >= 3


def test_no_colour_is_written_outside_the_tokens() -> None:
    root = Path("myna_app/ui")
    literal = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?\b|rgba?\(|QColor\(\s*[\"'0-9]")
    found = {
        file.name: literal.findall(file.read_text())
        for file in root.rglob("*.py")
        if file != Path(colours.__file__).relative_to(Path.cwd())
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_pictures_take_the_colour_of_the_theme() -> None:
    for file in Path("resources/icons").glob("*.svg"):
        source = file.read_text()
        assert "currentColor" in source, file
        assert not re.search(r"#[0-9a-fA-F]{3}", source), file


@pytest.mark.parametrize(
    "scheme, dark, contrast_wanted, tokens",
    [
        (Scheme.SYSTEM, False, False, LIGHT),
        (Scheme.SYSTEM, True, False, DARK),
        (Scheme.SYSTEM, True, True, SYSTEM),
        (Scheme.LIGHT, True, True, LIGHT),
        (Scheme.DARK, False, False, DARK),
        (Scheme.HIGH_CONTRAST, False, False, HIGH_CONTRAST),
    ],
)
def test_the_choice_wins_and_system_means_windows(
    scheme: Scheme, dark: bool, contrast_wanted: bool, tokens: Tokens
) -> None:
    assert choose_tokens(scheme, system_is_dark=dark, system_high_contrast=contrast_wanted) is tokens


def test_with_windows_own_high_contrast_no_colour_of_ours_is_in_the_sheet(qapp: QApplication) -> None:
    theme = Theme(SYSTEM)
    assert not re.search(r"#[0-9a-f]{6}", style_sheet(theme))
    assert theme.tone_colour(Tone.ERROR) == QApplication.palette().windowText().color()


@pytest.mark.parametrize("size, h1", [(TextSize.STANDARD, 28), (TextSize.LARGE, 35), (TextSize.LARGEST, 42)])
def test_the_text_size_multiplies_every_length(size: TextSize, h1: int) -> None:
    assert f'QLabel[role="h1"] {{ font-size: {h1}px;' in style_sheet(Theme(text_size=size))


@pytest.mark.parametrize("t", COLUMNS, ids=NAMES)
def test_what_qt_draws_by_itself_has_our_colours(t: Tokens, qapp: QApplication) -> None:
    ours = palette(t)
    assert ours.window().color().name() == t.bg
    assert ours.highlight().color().name() == t.primary
