"""JSON Schema of ``policy.toml``, for editors and for checking a policy before it is rolled out."""

import json

from myna_app.settings.table import KEYS, Language, Setter


def policy_schema(language: Language = Language.ENGLISH) -> str:
    """JSON Schema 2020-12 of all keys a policy may hold, as text that ends in a line feed."""
    properties = {
        name: {"description": key.ja if language is Language.JAPANESE else key.en, **key.kind.schema()}
        for name, key in KEYS.items()
        if Setter.POLICY in key.setters
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "policy.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
