"""Faults on demand: what a tester orders happens to the next calls, as often as ordered, and to no others."""

import re

import pytest
import requests

from myna_backend import faults
from myna_backend.faults import Effect
from myna_backend.pages.administration import CALLS
from myna_backend.problems import Code
from myna_backend.retention import purge
from tests.backend.running import Terminal
from tests.pages.conftest import Pages
from tests.pages.forms import Client

RETRY_CODES = {Code.RATE_LIMITED, Code.BIRTH_DATE_KEYS_LIMITED, Code.STORE_UNAVAILABLE, Code.MAINTENANCE}


@pytest.fixture
def terminal(pages: Pages) -> Terminal:
    terminal = Terminal(pages.server, pages.care)
    assert terminal.register().status == 201
    assert terminal.fetch_token().status == 200
    return terminal


def order(pages: Pages, fault: str, times: int = 1) -> None:
    assert Client(pages.server).post("/admin/faults", {"fault": fault, "times": str(times)}).status_code == 303


def test_every_call_has_a_name_on_the_page(pages: Pages) -> None:
    assert CALLS.keys() == faults.published_refusals().keys()


def test_a_refusal_happens_as_often_as_ordered_and_before_any_work(pages: Pages, terminal: Terminal) -> None:
    order(pages, "release:account_stopped", times=2)
    for _ in range(2):
        answer = terminal.call("DELETE", "/v1/terminals/me")
        assert (answer.status, answer.code) == (403, "account_stopped")
        assert answer.body["contact"]
    assert terminal.call("GET", "/v1/terminals/me").status == 200
    assert terminal.call("DELETE", "/v1/terminals/me").status == 204


@pytest.mark.parametrize("code", sorted(faults.published_refusals()["challenge"]))
def test_an_ordered_refusal_carries_what_the_contract_says(pages: Pages, terminal: Terminal, code: Code) -> None:
    order(pages, f"challenge:{code}")
    answer = terminal.call("POST", "/v1/challenges")
    assert (answer.status, answer.code) == (code.status, code)
    assert ("Retry-After" in answer.headers) == (code in RETRY_CODES)
    assert terminal.call("POST", "/v1/challenges").status == 201


def test_an_answer_is_lost_after_its_work_is_done(pages: Pages, terminal: Terminal) -> None:
    order(pages, f"release:{Effect.LOST}")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        terminal.call("DELETE", "/v1/terminals/me")
    assert terminal.fetch_token().code == "terminal_unknown"


def test_an_answer_that_is_none(pages: Pages, terminal: Terminal) -> None:
    order(pages, f"terminal:{Effect.EMPTY}")
    assert terminal.call("GET", "/v1/terminals/me").body == {}
    order(pages, f"terminal:{Effect.FOREIGN}")
    answer = pages.server.http.get(f"{pages.server.address}/v1/terminals/me", timeout=10)
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<!doctype html>")


def test_a_late_answer_comes_after_the_application_has_given_up(
    pages: Pages, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "LATE", 3.0)
    order(pages, f"challenge:{Effect.DELAYED}")
    terminal.server.lose_answer("/v1/challenges", {}, Authorization=f"Bearer {terminal.token}")
    assert terminal.call("POST", "/v1/challenges").status == 201


def test_an_order_is_shown_cancelled_and_forgotten(pages: Pages, terminal: Terminal) -> None:
    client = Client(pages.server)
    order(pages, "terminal:maintenance", times=3)
    order(pages, "challenge:internal", times=3)
    shown = client.get("/admin/faults").text
    assert re.search("maintenance（503）でことわる</td><td[^>]*>3回", shown)
    number = re.search(r"/admin/faults/(\d+)/cancel", shown)
    assert number is not None
    assert client.post(number[0]).status_code == 303
    assert terminal.call("GET", "/v1/terminals/me").status == 200
    pages.server.clock.advance(hours=1)
    purge(pages.server.backend.store, pages.server.clock())
    assert "でことわる</td>" not in client.get("/admin/faults").text


@pytest.mark.parametrize(
    ("fault", "times", "field"),
    [("", "1", "fault"), ("challenge:", "1", "fault"), ("challenge:nothing", "1", "fault"), ("x:lost", "1", "fault"),
     ("terms:card_signature", "1", "fault"), ("challenge:lost", "0", "times"), ("challenge:lost", "100", "times"),
     ("challenge:lost", "", "times")],
)  # fmt: skip
def test_an_order_says_which_field_is_wrong(pages: Pages, fault: str, times: str, field: str) -> None:
    answer = Client(pages.server).post("/admin/faults", {"fault": fault, "times": times})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
