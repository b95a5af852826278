"""The client against a real HTTPS server: answers that fit nothing, refusals, time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from myna_app.api.client import BackendClient
from myna_app.errors import ApiError, AppError, Problem, RefusalError
from tests.api.examples import CHALLENGE, TERMS
from tests.api.scripted import Play, Script, answer, problem

# --- answers that fit nothing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "play",
    [
        answer(200, b"<html>"),
        answer(200, {}),
        answer(200, {**TERMS, "text": None}),
        answer(201, TERMS),
        answer(204),
        answer(302, headers={"Location": "https://127.0.0.1/elsewhere"}),
        answer(304),
        answer(200, b" " * 1_048_577),
        answer(404, b"<html>"),
        answer(403, b"<html> a filter between here and there"),
        answer(418, {"code": "teapot"}),
    ],
)
def test_an_answer_that_does_not_fit_breaks_the_contract(client: BackendClient, script: Script, play: Play) -> None:
    script.plays = [play]
    with pytest.raises(ApiError) as caught:
        client.terms()
    assert caught.value.problem is Problem.CONTRACT_BROKEN
    assert len(script.seen) == 1


@given(status=st.sampled_from([200, 201, 204, 400, 401, 403, 409, 422, 429, 500, 503]), body=st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_whatever_comes_back_only_app_errors_come_out(
    client: BackendClient, script: Script, status: int, body: bytes
) -> None:
    script.plays = [answer(status, body)] * 2
    with pytest.raises(AppError):
        client.terms()


def test_no_cookie_is_ever_sent_back(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, TERMS, headers={"Set-Cookie": "id=1; Path=/"}), answer(200, TERMS)]
    client.terms()
    client.terms()
    assert "Cookie" not in script.seen[1].headers


# --- refusals --------------------------------------------------------------------------------------------------------


def test_a_refusal_carries_what_the_screens_need(client: BackendClient, script: Script) -> None:
    script.plays = [
        problem(429, "rate_limited", retry_after=30),
        problem(403, "not_started", contact="見本", service_starts_on="2026-12-01"),
        problem(422, "fields", fields={"user_id": "pattern"}),
        problem(503, "maintenance", ends_at="2026-11-20T05:00:00Z"),
        problem(403, "terms_required", contact="見本", required_terms_version="1.3"),
    ]
    found = []
    for _ in range(5):
        with pytest.raises(RefusalError) as caught:
            client.challenge()
        found.append(caught.value)
    assert (found[0].problem, found[0].retry_after, found[0].facts["seconds"]) == (Problem.RATE_LIMITED, 30, 30)
    assert (found[1].contact, found[1].facts["service_starts_on"]) == ("見本", "2026-12-01")
    assert found[2].fields == {"user_id": "pattern"}
    assert found[3].facts["ends_at"] == "2026-11-20T05:00:00+00:00"
    assert found[4].facts["required_terms_version"] == "1.3"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (403, Problem.ACCOUNT_STOPPED),
        (410, Problem.ACCOUNT_ENDED),
        (426, Problem.UPDATE_REQUIRED),
        (429, Problem.RATE_LIMITED),
        (500, Problem.BACKEND_FAULT),
        (502, Problem.BACKEND_FAULT),
        (504, Problem.BACKEND_FAULT),
        (422, Problem.CONTRACT_BROKEN),
    ],
)
def test_a_code_of_a_later_version_is_told_by_its_status(
    client: BackendClient, script: Script, status: int, told: Problem
) -> None:
    script.plays = [problem(status, "a_code_of_the_future")]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert (caught.value.problem, caught.value.code) == (told, "a_code_of_the_future")


def test_a_gateway_without_a_document_is_a_fault_of_the_server(client: BackendClient, script: Script) -> None:
    script.plays = [answer(502, b"<html>Bad Gateway")]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert caught.value.problem is Problem.BACKEND_FAULT


def test_a_member_that_cannot_be_used_does_not_hide_the_code(client: BackendClient, script: Script) -> None:
    script.plays = [problem(410, "account_ended", contact=None, ends_at="tomorrow", retry_after=[])]
    with pytest.raises(RefusalError) as caught:
        client.terms()
    assert caught.value.problem is Problem.ACCOUNT_ENDED


# --- time ------------------------------------------------------------------------------------------------------------


def test_time_is_this_pcs_own_plus_the_offset_of_the_last_answer(client: BackendClient, script: Script) -> None:
    script.plays = [answer(200, TERMS, off=-3600)]
    client.terms()
    assert abs(client.now() - (datetime.now(UTC) - timedelta(hours=1))) < timedelta(seconds=5)


def test_after_a_clock_refusal_the_next_assertion_is_made_by_the_servers_time(
    base_url: str, ca_file: Path, script: Script
) -> None:
    times: list[datetime] = []

    def note(_issuer: str, now: datetime) -> str:
        times.append(now)
        return "assertion"

    client = BackendClient(base_url, note, ca_file=ca_file)
    script.tokens = [problem(401, "assertion_clock", off=7200, server_time="2026-11-20T01:02:15Z")]
    script.plays = [answer(201, CHALLENGE)]
    client.challenge()
    client.close()
    assert timedelta(minutes=119) < times[1] - times[0] < timedelta(minutes=121)


def test_a_clock_that_is_off_is_told_in_minutes(client: BackendClient, script: Script) -> None:
    server_time = (datetime.now(UTC) - timedelta(minutes=20)).isoformat()
    script.tokens = [problem(401, "assertion_clock", server_time=server_time)] * 2
    with pytest.raises(RefusalError) as caught:
        client.challenge()
    assert (caught.value.problem, caught.value.facts["minutes"]) == (Problem.CLOCK_OFF, 20)
