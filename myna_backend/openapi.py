"""Problem documents in the published OpenAPI: every call names every refusal it can answer."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from myna_backend.problems import MEDIA_TYPE, Code

EVERY_CALL = (Code.BODY_TOO_LARGE, Code.INTERNAL)
OPEN = (Code.STORE_UNAVAILABLE, Code.MAINTENANCE)
WITH_BODY = (Code.FIELDS, Code.MEDIA_TYPE)
WITH_TOKEN = (Code.TOKEN, Code.ACCOUNT_STOPPED, Code.ACCOUNT_ENDED)

_MEMBERS: Mapping[str, Any] = {
    "type": {"type": "string", "format": "uri"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    "contact": {"type": "string", "minLength": 1, "maxLength": 200},
    "retry_after": {"type": "integer"},
    "service_starts_on": {"type": "string", "format": "date"},
    "ends_at": {"type": "string", "format": "date-time"},
    "server_time": {"type": "string", "format": "date-time"},
    "required_terms_version": {"type": "string"},
    "error": {"type": "string", "enum": ["invalid_client", "invalid_request"]},
}


def refusals(*codes: Code) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a call that can refuse with these codes besides those of every call."""
    by_status = sorted({*EVERY_CALL, *codes}, key=lambda code: (code.status, code))
    return {
        int(status): _response([code.value for code in group])
        for status, group in groupby(by_status, key=lambda code: code.status)
    }


def _response(codes: list[str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {**_MEMBERS, "code": {"type": "string", "enum": codes}},
        "required": ["type", "title", "status", "code"],
    }
    return {"description": ", ".join(codes), "content": {MEDIA_TYPE: {"schema": schema}}}
