"""One theme: tokens, text size and compactness; font and palette of what Qt draws by itself.

All lengths are px, which Qt treats as device independent; pt would depend on the platform's DPI. The user's text size
multiplies every one of them. Widgets carry meaning as dynamic properties (``kind``, ``role``, ``tone``, ``invalid``);
`style_sheet` turns meaning into looks.
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, unique

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from myna_app.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, SYSTEM, Tokens, Tone

FAMILIES = ("Noto Sans JP", "BIZ UDPGothic", "Yu Gothic UI", "Meiryo UI", "Meiryo", "Noto Sans CJK JP")
"""Japanese families by name: a generic family gives Chinese forms of 直 骨 今 outside a Japanese locale."""
MONO_FAMILIES = ("Noto Sans Mono", "BIZ UDGothic", "Consolas", "Noto Sans Mono CJK JP")
"""For identifiers, where 0 and O must differ."""

COLUMN_WIDTH = 880
"""Longest comfortable line of the body; fills Full HD at 200 %, where height is dear."""
BUTTON_PADDING = 16
"""Left and right of a button's words."""
_SYSTEM_PREFIX = "palette("


@unique
class TextSize(Enum):
    """文字の大きさ."""

    STANDARD = 1.0
    LARGE = 1.25
    LARGEST = 1.5


@unique
class Scheme(StrEnum):
    """配色. `SYSTEM` follows Windows, its own high contrast included."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@dataclass(frozen=True, slots=True)
class Theme:
    """What everything on the screen is drawn with."""

    tokens: Tokens = LIGHT
    text_size: TextSize = TextSize.STANDARD
    compact: bool = False
    """For windows lower than 600 px."""

    def px(self, length: float) -> int:
        return round(length * self.text_size.value)

    def compacted(self, compact: bool) -> "Theme":
        return replace(self, compact=compact)

    def colour(self, value: str) -> QColor:
        """A token's value as a colour, also where it names a role of the system's palette."""
        if not value.startswith(_SYSTEM_PREFIX):
            return QColor(value)
        return QApplication.palette().color(_ROLES[value.removeprefix(_SYSTEM_PREFIX).removesuffix(")")])

    def tone_colour(self, tone: Tone) -> QColor:
        return self.colour(self.tokens.tone(tone).fg)

    @property
    def header_height(self) -> int:
        return self.px(48 if self.compact else 64)

    @property
    def footer_height(self) -> int:
        return self.px(64 if self.compact else 80)

    @property
    def gap(self) -> int:
        """Between blocks of a page."""
        return self.px(10 if self.compact else 16)


_ROLES = {
    "window": QPalette.ColorRole.Window,
    "window-text": QPalette.ColorRole.WindowText,
    "highlight": QPalette.ColorRole.Highlight,
    "highlighted-text": QPalette.ColorRole.HighlightedText,
    "link": QPalette.ColorRole.Link,
    "mid": QPalette.ColorRole.Mid,
}


def side_margin(*, narrow: bool) -> int:
    """Left and right of the body, and of the bars above and below it."""
    return 24 if narrow else 40


def choose_tokens(scheme: Scheme, *, system_is_dark: bool, system_high_contrast: bool) -> Tokens:
    """The colour column for the user's choice and what the system asks for."""
    match scheme:
        case Scheme.LIGHT:
            return LIGHT
        case Scheme.DARK:
            return DARK
        case Scheme.HIGH_CONTRAST:
            return HIGH_CONTRAST
        case Scheme.SYSTEM if system_high_contrast:
            return SYSTEM
        case Scheme.SYSTEM:
            return DARK if system_is_dark else LIGHT


def app_font(size: int) -> QFont:
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(size)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 102)
    return font


def dress(application: QApplication, theme: Theme) -> None:
    """Style, font and palette of everything Qt draws by itself: menus, tool tips, selections."""
    if application.style().objectName() != "fusion":
        application.setStyle("Fusion")
    application.setFont(app_font(theme.px(16)))
    if theme.tokens is not SYSTEM:
        application.setPalette(palette(theme.tokens))


def palette(tokens: Tokens) -> QPalette:
    result = QPalette()
    for role, value in {
        QPalette.ColorRole.Window: tokens.bg,
        QPalette.ColorRole.Base: tokens.bg,
        QPalette.ColorRole.AlternateBase: tokens.bg_subtle,
        QPalette.ColorRole.Button: tokens.bg,
        QPalette.ColorRole.ToolTipBase: tokens.bg_subtle,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Text: tokens.text_strong,
        QPalette.ColorRole.ButtonText: tokens.primary,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.text_muted,
        QPalette.ColorRole.Highlight: tokens.primary,
        QPalette.ColorRole.HighlightedText: tokens.on_primary,
        QPalette.ColorRole.Accent: tokens.primary,
        QPalette.ColorRole.Link: tokens.link,
        QPalette.ColorRole.LinkVisited: tokens.link,
        QPalette.ColorRole.Mid: tokens.divider,
    }.items():
        result.setColor(role, QColor(value))
    return result


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Sets dynamic properties and restyles; Qt does not look at them again by itself."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
