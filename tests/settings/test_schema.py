"""The policy's JSON schema."""

import json

import pytest

from myna_app.settings.schema import policy_schema
from myna_app.settings.table import KEYS, Language, Setter


@pytest.mark.parametrize("language", Language)
def test_the_schema_has_exactly_the_keys_a_policy_may_hold_each_described(language: Language) -> None:
    schema = json.loads(policy_schema(language))
    assert set(schema["properties"]) == {name for name, key in KEYS.items() if Setter.POLICY in key.setters}
    assert all(row["description"] for row in schema["properties"].values())
    assert schema["additionalProperties"] is False


def test_bounds_stand_in_the_schema() -> None:
    rows = json.loads(policy_schema())["properties"]
    assert (rows["idle_lock_minutes"]["minimum"], rows["idle_lock_minutes"]["maximum"]) == (1, 60)
    assert rows["theme"]["enum"] == ["system", "light", "dark", "high_contrast"]
