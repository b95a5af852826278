"""端末固有ID for the telephone and for paper: its spelling, and a sheet laid out like the form it is typed into."""

from collections.abc import Iterator
from datetime import date
from html import escape

from myna_app.flow.states import Desk
from myna_app.formats.facility import FacilityKind
from myna_app.formats.terminal_id import show_terminal_id
from myna_app.ui.texts import Texts
from myna_app.ui.theme import MONO_FAMILIES
from myna_app.ui.tokens import LIGHT

_HEAD = f"background-color: {LIGHT.bg_subtle}; padding: 6px"
_CELL = "padding: 6px"
_LARGE = f"font-family: {', '.join(MONO_FAMILIES)}; font-size: 22pt; font-weight: bold"


def spelled(texts: Texts, grouped: str) -> list[tuple[str, str]]:
    """Each group with the words for its characters: ``7K3D``, 「ナナ・ケニアのK・サン・デンマークのD」."""
    dot = texts("spelling.between")
    return [(group, dot.join(texts(f"spelling.{one}") for one in group)) for group in grouped.split("-")]


def is_care(desk: Desk) -> bool:
    """Care offices alone have a form to type the id into (J-2 of their web service)."""
    return desk.facility is not None and desk.facility.kind is FacilityKind.CARE


def sheet(texts: Texts, desk: Desk, terminal_id: str, host: str, day: date) -> str:
    """HTML of one page of paper: this PC, the rows of the form, the spelling, what to do next. No secret is on it."""
    grouped = show_terminal_id(terminal_id)
    steps = texts.lines("M-21.steps_care" if is_care(desk) else "M-21.steps")
    return "".join(
        (
            f"<h1>{escape(texts('M-21.sheet_care' if is_care(desk) else 'M-21.sheet_id'))}</h1>",
            _table((texts(f"M-21.sheet_{name}"), escape(value)) for name, value in _about(desk, host, texts.day(day))),
            f"<h2>{escape(texts('M-21.sheet_form'))}</h2>",
            _table(_form(texts, desk, grouped)),
            f"<h2>{escape(texts('M-21.telephone'))}</h2>",
            _table((group, escape(words)) for group, words in spelled(texts, grouped)),
            f"<h2>{escape(texts('M-21.sheet_steps'))}</h2>",
            f"<ol>{''.join(f'<li>{escape(one)}</li>' for one in steps)}</ol>",
        )
    )


def _about(desk: Desk, host: str, day: str) -> Iterator[tuple[str, str]]:
    if desk.facility is not None:
        yield "office", desk.facility.name
    if desk.institution_code is not None:
        yield "code", desk.institution_code
    yield "host", host
    yield "day", day


def _form(texts: Texts, desk: Desk, grouped: str) -> Iterator[tuple[str, str]]:
    """In the order of the form, under its names; the password is typed there and never written down."""
    if desk.user_id is not None:
        yield texts("M-21.sheet_user_id"), escape(desk.user_id)
    if is_care(desk):
        yield texts("M-21.sheet_password"), escape(texts("M-21.sheet_no_password"))
    yield texts("M-21.sheet_id"), f'<span style="{_LARGE}">{grouped}</span>'


def _table(rows: Iterator[tuple[str, str]]) -> str:
    """Name and value, which is HTML."""
    lines = (
        f'<tr><td width="38%" style="{_HEAD}">{escape(name)}</td><td style="{_CELL}">{value}</td></tr>'
        for name, value in rows
    )
    return f'<table border="1" cellspacing="0" width="100%" style="border-collapse: collapse">{"".join(lines)}</table>'
