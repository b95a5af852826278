"""The published OpenAPI and `docs/contract.md` say the same."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from myna_app.formats.eligibility import Eligibility, Verdict
from myna_backend.app import create_app
from myna_backend.settings import Settings
from tests.backend import contract_page

PROBLEM = "application/problem+json"
OUTSIDE_OF_CALLS = {"not_found", "method"}
"""Answers to what is no call."""


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data = tmp_path_factory.mktemp("openapi")
    app = create_app(Settings(issuer="https://backend.invalid", data=data, database=f"sqlite:///{data / 'a.sqlite3'}"))
    app.state.backend.store.engine.dispose()
    return app.openapi()


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def codes(operation: dict[str, Any]) -> dict[str, int]:
    """Code → status of an operation's problems."""
    return {
        code: int(status)
        for status, answer in operation["responses"].items()
        for code in answer.get("content", {})
        .get(PROBLEM, {})
        .get("schema", {})
        .get("properties", {})
        .get("code", {})
        .get("enum", ())
    }


def test_the_calls_are_those_of_the_page(document: dict[str, Any]) -> None:
    assert set(operations(document)) == contract_page.calls()


def test_the_problems_are_those_of_the_page(document: dict[str, Any]) -> None:
    published = {code: status for one in operations(document).values() for code, status in codes(one).items()}
    of_the_page = {code: status for code, (status, _) in contract_page.problems().items()}
    assert published == {code: status for code, status in of_the_page.items() if code not in OUTSIDE_OF_CALLS}


def test_calls_with_a_token_name_what_a_token_can_be_refused_for(document: dict[str, Any]) -> None:
    with_token = {
        call
        for call, operation in operations(document).items()
        if {"token", "account_stopped", "account_ended"} <= set(codes(operation))
    }
    assert with_token == contract_page.authorised_calls()
    assert all("security" in operations(document)[call] for call in with_token)


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        for status, answer in operation["responses"].items():
            if int(status) >= 400:
                assert set(answer["content"]) == {PROBLEM}


def test_the_document_is_served(server: Any, document: dict[str, Any]) -> None:
    assert server.call("GET", "/openapi.json").body == json.loads(json.dumps(document))


@pytest.mark.parametrize("example", contract_page.examples(), ids=lambda example: f"verdict {example['verdict']}")
def test_examples_decode_and_come_back_unchanged(example: dict[str, Any]) -> None:
    adapter = TypeAdapter(Eligibility)
    decoded = adapter.validate_json(json.dumps(example), strict=True, extra="forbid")
    assert json.loads(adapter.dump_json(decoded, exclude_defaults=True)) == example


def test_there_is_an_example_of_every_verdict() -> None:
    assert {example["verdict"] for example in contract_page.examples()} == {None, *Verdict}


def test_bounds_are_published(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    certificate = schemas["VisitRequest"]["properties"]["certificate"]
    assert certificate["maxLength"] == 5462  # 4,096 bytes in base64url
    assert schemas["VisitRequest"]["properties"]["signature"]["minLength"] == 342
    assert schemas["RegistrationRequest"]["properties"]["institution_code"]["pattern"] == "^[0-9]{10}$"
    assert schemas["RegistrationRequest"]["additionalProperties"] is False
