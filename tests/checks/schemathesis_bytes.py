"""Loaded by schemathesis (`SCHEMATHESIS_HOOKS`): long byte strings are drawn as bytes.

From their pattern they would be drawn character by character, thousands for a certificate: nine tenths of a run's time
went there, and hypothesis gave up on the longest. Their alphabet and canonical ending are tested by hand.
"""

from typing import Any

import schemathesis
from hypothesis import strategies

from myna_backend.encodings import to_base64url

_LONG = 64
"""Characters."""


@schemathesis.hook
def before_load_schema(_context: object, document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        for member in schema.get("properties", {}).values():
            if member.get("contentEncoding") == "base64url" and member["maxLength"] > _LONG:
                _draw_as_bytes(member)


def _draw_as_bytes(member: dict[str, Any]) -> None:
    least, most = (member[bound] * 3 // 4 for bound in ("minLength", "maxLength"))
    name = f"bytes-{least}-{most}"
    schemathesis.openapi.format(name, strategies.binary(min_size=least, max_size=most).map(to_base64url))
    member["format"] = name
    del member["pattern"], member["contentEncoding"]
