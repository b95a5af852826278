"""Design tokens: every colour of the program, by role.

Hues are the palette of the デジタル庁デザインシステム (`@digital-go-jp/design-tokens` 1.1.9, MIT, © 2023 デジタル庁);
the roles are ours. A column is a `Tokens`; nothing outside this module writes a colour (a test looks).
"""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Tone(StrEnum):
    """What a banner or verdict means; always said by word and shape too."""

    OK = "ok"
    ERROR = "error"
    WARN = "warn"
    INFO = "info"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Pair:
    """A foreground and the background it is read on."""

    fg: str
    bg: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme. A value is ``#rrggbb``, or ``palette(role)`` where the system's own colours rule."""

    bg: str
    bg_subtle: str
    text: str
    text_strong: str
    text_muted: str
    border: str
    border_hover: str
    divider: str
    primary: str
    primary_hover: str
    primary_active: str
    on_primary: str
    hover: Pair
    """Outline buttons and list rows under the mouse."""
    active: Pair
    """The same while pressed."""
    hover_faint: str
    """Background of text buttons under the mouse."""
    link: str
    error_text: str
    """Message beside a field; on `bg` only."""
    disabled: str
    progress: str
    ok: Pair
    error: Pair
    warn: Pair
    info: Pair
    neutral: Pair
    focus_inner: str
    focus_outer: str
    focus_hairline: str
    """Outermost line of the ring, so that a dark ring stands out from a dark page."""

    def tone(self, tone: Tone) -> Pair:
        match tone:
            case Tone.OK:
                return self.ok
            case Tone.ERROR:
                return self.error
            case Tone.WARN:
                return self.warn
            case Tone.INFO:
                return self.info
            case Tone.NEUTRAL:
                return self.neutral


LIGHT = Tokens(
    bg="#ffffff",
    bg_subtle="#f2f2f2",
    text="#333333",
    text_strong="#1a1a1a",
    text_muted="#666666",
    border="#666666",
    border_hover="#000000",
    divider="#b3b3b3",
    primary="#0017c1",
    primary_hover="#00118f",
    primary_active="#000060",
    on_primary="#ffffff",
    hover=Pair("#00118f", "#c5d7fb"),
    active=Pair("#000060", "#9db7f9"),
    hover_faint="#e8f1fe",
    link="#00118f",
    error_text="#ce0000",
    disabled="#b3b3b3",
    progress="#d9e6ff",
    ok=Pair("#115a36", "#e6f5ec"),
    error=Pair("#a90000", "#fdeeee"),
    warn=Pair("#604b00", "#fbf5e0"),
    info=Pair("#00118f", "#e8f1fe"),
    neutral=Pair("#333333", "#f2f2f2"),
    focus_inner="#ffd43d",
    focus_outer="#000000",
    focus_hairline="#000000",
)

DARK = Tokens(
    bg="#1a1a1a",
    bg_subtle="#333333",
    text="#f2f2f2",
    text_strong="#ffffff",
    text_muted="#b3b3b3",
    border="#999999",
    border_hover="#ffffff",
    divider="#4d4d4d",
    primary="#9db7f9",
    primary_hover="#c5d7fb",
    primary_active="#d9e6ff",
    on_primary="#1a1a1a",
    hover=Pair("#d9e6ff", "#4d4d4d"),
    active=Pair("#ffffff", "#666666"),
    hover_faint="#333333",
    link="#9db7f9",
    error_text="#ff9696",
    disabled="#666666",
    progress="#4d4d4d",
    ok=Pair("#71c598", "#1a1a1a"),
    error=Pair("#ff9696", "#1a1a1a"),
    warn=Pair("#ffd43d", "#1a1a1a"),
    info=Pair("#9db7f9", "#1a1a1a"),
    neutral=Pair("#f2f2f2", "#333333"),
    focus_inner="#ffd43d",
    focus_outer="#000000",
    focus_hairline="#ffffff",
)

HIGH_CONTRAST = Tokens(
    bg="#000000",
    bg_subtle="#000000",
    text="#ffffff",
    text_strong="#ffffff",
    text_muted="#ffffff",
    border="#ffffff",
    border_hover="#ffd43d",
    divider="#ffffff",
    primary="#ffd43d",
    primary_hover="#ffe380",
    primary_active="#ffffff",
    on_primary="#000000",
    hover=Pair("#000000", "#ffe380"),
    active=Pair("#000000", "#ffffff"),
    hover_faint="#333333",
    link="#ffd43d",
    error_text="#ff9696",
    disabled="#999999",
    progress="#333333",
    ok=Pair("#71c598", "#000000"),
    error=Pair("#ff9696", "#000000"),
    warn=Pair("#ffd43d", "#000000"),
    info=Pair("#9db7f9", "#000000"),
    neutral=Pair("#ffffff", "#000000"),
    focus_inner="#000000",
    focus_outer="#ffd43d",
    focus_hairline="#ffffff",
)

_SYSTEM_PLAIN = Pair("palette(window-text)", "palette(window)")
_SYSTEM_CHOSEN = Pair("palette(highlighted-text)", "palette(highlight)")

SYSTEM = Tokens(
    bg="palette(window)",
    bg_subtle="palette(window)",
    text="palette(window-text)",
    text_strong="palette(window-text)",
    text_muted="palette(window-text)",
    border="palette(window-text)",
    border_hover="palette(highlight)",
    divider="palette(window-text)",
    primary="palette(highlight)",
    primary_hover="palette(highlight)",
    primary_active="palette(highlight)",
    on_primary="palette(highlighted-text)",
    hover=_SYSTEM_CHOSEN,
    active=_SYSTEM_CHOSEN,
    hover_faint="palette(window)",
    link="palette(link)",
    error_text="palette(window-text)",
    disabled="palette(mid)",
    progress="palette(window)",
    ok=_SYSTEM_PLAIN,
    error=_SYSTEM_PLAIN,
    warn=_SYSTEM_PLAIN,
    info=_SYSTEM_PLAIN,
    neutral=_SYSTEM_PLAIN,
    focus_inner="palette(highlight)",
    focus_outer="palette(highlight)",
    focus_hairline="palette(highlight)",
)
"""For Windows' own high contrast: the user's colours, our sizes."""
