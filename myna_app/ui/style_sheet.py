"""The one style sheet, generated from a theme: meaning (dynamic properties) turned into looks."""

from myna_app.ui.theme import BUTTON_PADDING, MONO_FAMILIES, Theme
from myna_app.ui.tokens import Tone


def style_sheet(theme: Theme) -> str:
    t = theme.tokens
    return "\n".join(
        [
            _rule("QWidget", background=t.bg, color=t.text),
            _rule("QLabel", background="transparent"),
            *_text(theme),
            *_buttons(theme),
            *_keys(theme),
            *_fields(theme),
            *_choices(theme),
            *_bars_and_panels(theme),
            *_banners(theme),
            *_steps_and_dots(theme),
            *_lists_and_menus(theme),
            *_scroll_bars(theme),
        ]
    )


def _rule(selector: str, **looks: str) -> str:
    """``font_size`` is written ``font-size``."""
    body = " ".join(f"{name.replace('_', '-')}: {value};" for name, value in looks.items())
    return f"{selector} {{ {body} }}"


def _line(width: int, colour: str) -> str:
    return f"{width}px solid {colour}"


def _text(theme: Theme) -> list[str]:
    t = theme.tokens
    roles = {
        "verdict": (36 if theme.compact else 45, 700, t.text_strong),
        "h1": (24 if theme.compact else 28, 700, t.text_strong),
        "h2": (20, 700, t.text_strong),
        "h3": (18, 700, t.text_strong),
        "label": (17, 700, t.text),
        "body": (16, 400, t.text),
        "large": (16 if theme.compact else 18, 400, t.text),
        "dense": (16, 400, t.text),
        "caption": (14, 400, t.text_muted),
        "hint": (16, 400, t.text_muted),
        "required": (16, 400, t.error_text),
        "optional": (16, 400, t.text_muted),
        "message": (16, 400, t.error_text),
        "term": (16, 400, t.text_muted),
        "value": (20, 700, t.text_strong),
        "past": (16, 400, t.text_muted),
        "copied": (17, 700, t.text_strong),
        "id": (24, 700, t.text_strong),
        "badge": (16, 700, t.tone(Tone.WARN).fg),
    }
    families = ", ".join(f'"{family}"' for family in MONO_FAMILIES)
    padding = "1px 0" if theme.compact else "5px 0"  # what wraps keeps off the next line
    return [
        *(
            _rule(f'QLabel[role="{role}"]', font_size=f"{theme.px(size)}px", font_weight=str(weight), color=colour)
            for role, (size, weight, colour) in roles.items()
        ),
        _rule('QLabel[role="id"]', font_family=families),
        _rule('QLabel[role="message"]', padding_top="4px"),
        _rule('QLabel[part="value"]', min_height="30px" if theme.compact else "34px", padding=padding),
        *(_rule(f'QLabel[tone="{tone}"]', color=t.tone(tone).fg) for tone in Tone),
    ]


def _buttons(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    fill, outline, text, bar = (f'QPushButton[kind="{kind}"]' for kind in ("fill", "outline", "text", "bar"))
    flat = {"background": "transparent", "color": t.link, "border": "none"}
    return [
        _rule(
            "QPushButton",
            font_size=f"{px(16)}px",
            font_weight="700",
            border_radius=f"{px(8)}px",
            outline="none",
            min_height=f"{px(44 if theme.compact else 46)}px",
            min_width=f"{px(64)}px",
            padding=f"0 {px(BUTTON_PADDING)}px",
        ),
        _rule(fill, background=t.primary, color=t.on_primary, border=_line(1, t.primary), min_width=f"{px(104)}px"),
        _rule(f"{fill}:hover", background=t.primary_hover, text_decoration="underline"),
        _rule(f"{fill}:pressed", background=t.primary_active),
        _rule(f'{fill}[busy="true"]', background=t.bg_subtle, color=t.text, border=_line(1, t.divider)),
        _rule(outline, background=t.bg, color=t.primary, border=_line(1, t.primary)),
        _rule(f"{outline}:hover", background=t.hover.bg, color=t.hover.fg, text_decoration="underline"),
        _rule(f"{outline}:pressed", background=t.active.bg, color=t.active.fg),
        _rule(text, **flat, text_decoration="underline", padding="0 2px", text_align="left"),
        _rule(f"{text}:hover", background=t.hover_faint),
        _rule(bar, **flat, min_height=f"{px(44)}px"),
        _rule(f"{bar}:hover", background=t.hover_faint, text_decoration="underline"),
    ]


def _keys(theme: Theme) -> list[str]:
    """The keypad."""
    t, px = theme.tokens, theme.px
    key = 'QPushButton[kind="key"]'
    return [
        _rule(
            key,
            background=t.bg_subtle,
            color=t.text_strong,
            border=_line(1, t.border),
            font_size=f"{px(24)}px",
            min_height=f"{px(46 if theme.compact else 54)}px",
            min_width="118px",
            padding="0",
        ),
        _rule(f'{key}[wide="true"]', font_size=f"{px(16)}px"),
        _rule(f"{key}:hover", background=t.hover.bg, color=t.hover.fg),
        _rule(f"{key}:pressed", background=t.active.bg, color=t.active.fg),
    ]


def _fields(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    return [
        _rule(
            "QLineEdit",
            background=t.bg,
            color=t.text_strong,
            border=_line(1, t.border),
            border_radius=f"{px(8)}px",
            min_height=f"{px(44 if theme.compact else 48)}px",
            padding=f"0 {px(14)}px",
            font_size=f"{px(16)}px",
        ),
        _rule("QLineEdit:hover", border_color=t.border_hover),
        _rule('QLineEdit[invalid="true"]', border=_line(2, t.error_text), padding=f"0 {px(14) - 1}px"),
        _rule(
            "QPlainTextEdit",
            background=t.bg,
            color=t.text,
            border=_line(1, t.border),
            border_radius=f"{px(8)}px",
            padding=f"{px(8)}px",
            font_size=f"{px(16)}px",
        ),
    ]


def _choices(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    return [
        _rule(
            "QGroupBox",
            border=_line(1, t.divider),
            border_radius=f"{px(8)}px",
            margin_top=f"{px(14)}px",
            padding=f"{px(10)}px {px(12)}px 0 {px(12)}px",
            font_size=f"{px(17)}px",
            font_weight="700",
        ),
        _rule("QGroupBox::title", subcontrol_origin="margin", left=f"{px(12)}px", padding=f"0 {px(4)}px"),
        _rule(
            "QRadioButton",
            font_size=f"{px(16)}px",
            font_weight="400",
            min_height=f"{px(44)}px",
            spacing=f"{px(8)}px",
            padding=f"0 {px(12)}px 0 {px(4)}px",
            outline="none",
        ),
        _rule(
            "QRadioButton::indicator",
            width=f"{px(20)}px",
            height=f"{px(20)}px",
            border=_line(2, t.border),
            border_radius=f"{px(24) // 2}px",
            background=t.bg,
        ),
        _rule("QRadioButton::indicator:hover", border_color=t.border_hover),
        _rule(
            "QRadioButton::indicator:checked", border=_line(px(7), t.primary), width=f"{px(10)}px", height=f"{px(10)}px"
        ),
    ]


def _bars_and_panels(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    panel = 'QFrame[part="panel"]'
    return [
        _rule("QScrollArea, QStackedWidget", border="none"),
        _rule('QFrame[part="header"]', border="none", border_bottom=_line(1, t.divider)),
        _rule('QFrame[part="footer"]', border="none", border_top=_line(1, t.divider)),
        _rule(
            panel, background=t.bg_subtle, border=_line(1, t.divider), border_radius=f"{px(8)}px", padding=f"{px(4)}px"
        ),
        _rule(f"{panel} QLabel", background=t.bg_subtle),
        _rule('QFrame[part="divider"]', border_top=_line(1, t.divider), margin=f"{px(3)}px 0 0 0"),
        _rule(
            'QLabel[role="badge"]',
            background=t.tone(Tone.WARN).bg,
            color=t.tone(Tone.WARN).fg,
            border=_line(2, t.tone(Tone.WARN).fg),
            border_radius=f"{px(8)}px",
            padding=f"{px(2)}px {px(12)}px",
        ),
        _rule("QToolTip", background=t.bg_subtle, color=t.text, border=_line(1, t.border), padding=f"{px(4)}px"),
    ]


def _banners(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    banner = 'QFrame[part="banner"]'
    rules = [_rule(banner, border_radius=f"{px(12)}px", padding=f"{px(2 if theme.compact else 4)}px")]
    for tone in Tone:
        pair, toned = t.tone(tone), f'{banner}[tone="{tone}"]'
        rules += [
            _rule(toned, background=pair.bg, border=_line(3, pair.fg)),
            _rule(f"{toned} QLabel", background="transparent", color=t.text_strong),
            *(_rule(f'{toned} QLabel[role="{role}"]', color=pair.fg) for role in ("verdict", "h1", "h2")),
        ]
    return rules


def _steps_and_dots(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    step, dot, passcode = (f'QFrame[part="{part}"]' for part in ("step", "dot", "passcode"))
    return [
        _rule(step, border=_line(2, t.divider), border_radius=f"{px(8)}px"),
        _rule(f'{step}[state="current"]', border_color=t.primary, background=t.info.bg),
        _rule(f'{step}[state="current"] QLabel', color=t.text_strong, font_weight="700"),
        _rule(f'{step}[state="done"]', border_color=t.ok.fg),
        _rule(dot, background=t.bg, border=_line(2, t.border), border_radius=f"{px(26) // 2}px"),
        _rule(f'{dot}[filled="true"]', background=t.primary, border_color=t.primary),
        _rule(passcode, border=_line(1, t.border), border_radius=f"{px(8)}px"),
        _rule("QProgressBar", border=_line(1, t.border), border_radius=f"{px(8)}px", height=f"{px(16)}px"),
        _rule("QProgressBar::chunk", background=t.primary, border_radius=f"{px(7)}px"),
        _rule(f'{passcode}[invalid="true"]', border=_line(2, t.error_text)),
    ]


def _lists_and_menus(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    return [
        _rule(
            "QListWidget",
            border=_line(1, t.border),
            border_radius=f"{px(8)}px",
            outline="none",
            font_size=f"{px(16)}px",
            padding="3px",  # rows and scroll bar keep out of the round corners
        ),
        _rule(
            "QListWidget::item",
            min_height=f"{px(28 if theme.compact else 32)}px",
            padding=f"{px(8)}px {px(8)}px",
            border_left=_line(4, "transparent"),
            color=t.text,
        ),
        _rule("QListWidget::item:hover", background=t.hover_faint),
        _rule("QListWidget::item:selected", background=t.info.bg, color=t.text_strong, border_left_color=t.primary),
        _rule("QListWidget::item:disabled", color=t.text_muted),
        _rule("QMenu", background=t.bg, color=t.text, border=_line(1, t.border), padding=f"{px(8)}px 0"),
        _rule("QMenu::item", padding=f"{px(10)}px {px(40)}px {px(10)}px {px(20)}px", min_height=f"{px(24)}px"),
        _rule("QMenu::item:selected", background=t.hover.bg, color=t.hover.fg),
        _rule("QMenu::item:disabled", color=t.disabled),
        _rule("QMenu::separator", height="1px", background=t.divider, margin=f"{px(4)}px 0"),
    ]


def _scroll_bars(theme: Theme) -> list[str]:
    t, px = theme.tokens, theme.px
    return [
        _rule("QScrollBar:vertical", background=t.bg, width=f"{px(14)}px", margin="0"),
        _rule(
            "QScrollBar::handle:vertical",
            background=t.border,
            border_radius=f"{px(4)}px",
            margin="3px",
            min_height=f"{px(40)}px",
        ),
        _rule("QScrollBar::add-line:vertical, QScrollBar::sub-line:vertical", height="0"),
    ]
