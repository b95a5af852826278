"""What each kind of setting takes."""

import contextlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myna_app.settings.kinds import (
    Address,
    BadValueError,
    CertificateFile,
    Choice,
    Kind,
    Moment,
    Reason,
    Switch,
    Whole,
    Words,
)
from myna_app.settings.table import KEYS, Theme

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("raw", [1, 60])
def test_a_whole_number_takes_its_bounds(raw: int) -> None:
    assert Whole(1, 60).parse(raw) == raw


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(0, Reason.RANGE), (61, Reason.RANGE), (True, Reason.TYPE), (10.0, Reason.TYPE), ("10", Reason.TYPE)],
)
def test_a_whole_number_refuses_what_lies_outside_and_other_types(raw: object, reason: Reason) -> None:
    with pytest.raises(BadValueError) as caught:
        Whole(1, 60).parse(raw)
    assert caught.value.reason is reason


@pytest.mark.parametrize(("raw", "meant"), [(True, True), (False, False), (1, True), (0, False)])
def test_a_switch_takes_booleans_and_the_registrys_numbers(raw: object, meant: bool) -> None:
    assert Switch().parse(raw) is meant


@pytest.mark.parametrize("raw", ["yes", 2, 1.0, None, []])
def test_a_switch_refuses_anything_else(raw: object) -> None:
    with pytest.raises(BadValueError):
        Switch().parse(raw)


@pytest.mark.parametrize(
    "text",
    [
        "https://backend.example",
        "https://backend.example:8443",
        "https://backend.example/base",
        "https://[::1]:8443",
        "https://10.0.0.1",
    ],
)
def test_an_address_is_https_with_host_port_and_path(text: str) -> None:
    assert Address().parse(text) == text


def test_an_address_loses_its_trailing_slash_because_it_is_the_issuer() -> None:
    assert Address().parse("https://backend.example/") == "https://backend.example"


@pytest.mark.parametrize(
    "text",
    [
        "http://backend.example",
        "http://127.0.0.1:8080",
        "https://",
        "https://user:password@backend.example",
        "https://backend.example?x=1",
        "https://backend.example#x",
        "https://backend.example:99999",
        "https://backend.example:0",
        "https://[::1",
        "https://例え.jp",
        "https://backend example",
        "https://backend.example\n",
        "backend.example",
        "",
    ],
)
def test_an_address_that_is_unprotected_or_malformed_is_refused(text: str) -> None:
    with pytest.raises(BadValueError):
        Address().parse(text)


def test_a_proxy_has_no_path() -> None:
    kind = Address(("http", "https"), path_allowed=False)
    assert kind.parse("http://proxy.example:3128/") == "http://proxy.example:3128"
    with pytest.raises(BadValueError):
        kind.parse("http://proxy.example:3128/x")


def test_a_certificate_file_must_hold_a_certificate(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    for path in (str(empty), str(tmp_path / "missing.pem"), "relative.pem", "/\0"):
        with pytest.raises(BadValueError):
            CertificateFile().parse(path)


def test_a_choice_names_one_of_its_members() -> None:
    assert Choice(Theme).parse("dark") is Theme.DARK
    with pytest.raises(BadValueError) as caught:
        Choice(Theme).parse("pink")
    assert caught.value.reason is Reason.CHOICE


def test_words_match_as_a_whole_and_hold_no_control_characters() -> None:
    assert Words(10).parse("ACS ACR39U") == "ACS ACR39U"
    for text in ("", "a\n", "x" * 11):
        with pytest.raises(BadValueError):
            Words(10).parse(text)


def test_a_moment_needs_its_zone() -> None:
    assert Moment().parse(datetime(2026, 11, 20, 1, 2, tzinfo=UTC)).tzinfo is UTC
    with pytest.raises(BadValueError):
        Moment().parse(datetime(2026, 11, 20, 1, 2))  # noqa: DTZ001 - a time without zone is the point


@given(raw=ANYTHING)
@settings(deadline=None)
@pytest.mark.parametrize("kind", [key.kind for key in KEYS.values()])
def test_a_kind_takes_a_value_or_says_why_not(kind: Kind, raw: object) -> None:
    with contextlib.suppress(BadValueError):
        kind.parse(raw)


@given(text=st.text())
@settings(deadline=None)
@pytest.mark.parametrize("kind", [key.kind for key in KEYS.values()])
def test_a_kind_takes_text_of_the_environment_or_says_why_not(kind: Kind, text: str) -> None:
    with contextlib.suppress(BadValueError):
        kind.from_text(text)
