"""Each key a policy may hold: set, unset, of a wrong type; and the files generated for those who roll it out."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import certifi
import pytest
import tomli_w
from jsonschema import Draft202012Validator  # type: ignore[import-untyped] # it ships no types

from installer.fleet import (
    EXAMPLES,
    adml,
    admx,
    example,
    policy_example,
    policy_keys,
    settings_table,
    write_fleet_files,
)
from myna_app.settings.kinds import CertificateFile, Choice, Reason, Switch, Whole
from myna_app.settings.layers import Source
from myna_app.settings.schema import policy_schema
from myna_app.settings.store import SettingsStore
from myna_app.settings.table import KEYS, Settings

OpenStore = Callable[..., SettingsStore]
NAMESPACE = {"p": "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"}


def value_of(name: str) -> object:
    """The documented example; an authority's file has to exist."""
    return certifi.where() if isinstance(KEYS[name].kind, CertificateFile) else example(name)


@pytest.mark.parametrize("name", policy_keys())
def test_a_key_that_the_policy_sets_holds_and_is_shown_as_the_policys(name: str, open_store: OpenStore) -> None:
    store = open_store(policy=tomli_w.dumps({name: value_of(name)}))
    assert getattr(store.settings, name) == KEYS[name].kind.parse(value_of(name))
    assert store.origin(name) is Source.POLICY
    assert store.findings == ()


@pytest.mark.parametrize("name", policy_keys())
def test_a_key_that_the_policy_does_not_set_has_its_default(name: str, open_store: OpenStore) -> None:
    store = open_store(policy="")
    assert getattr(store.settings, name) == getattr(Settings(), name)
    assert store.origin(name) is Source.DEFAULT


@pytest.mark.parametrize("name", policy_keys())
def test_a_key_of_a_wrong_type_is_named_with_its_line_and_its_strictest_value_holds(
    name: str, open_store: OpenStore
) -> None:
    store = open_store(policy=f"# a comment\n{name} = [[]]\n")
    (finding,) = store.findings
    assert (finding.key, finding.line, finding.reason) == (name, 2, Reason.TYPE)
    assert finding.stops_network is KEYS[name].network
    assert getattr(store.settings, name) == KEYS[name].strictest


def test_every_key_without_a_default_that_shows_its_form_has_an_example() -> None:
    assert {name for name in policy_keys() if example(name) is None} == set()
    assert set(EXAMPLES) <= set(policy_keys())


def test_the_example_policy_names_every_key_and_is_good_once_uncommented(open_store: OpenStore) -> None:
    lines = [line[2:] for line in policy_example().splitlines() if line[2:].partition(" = ")[0] in KEYS]
    policy = tomllib.loads("\n".join(lines))
    assert list(policy) == list(policy_keys())
    assert list(Draft202012Validator(json.loads(policy_schema())).iter_errors(policy)) == []
    store = open_store(policy=tomli_w.dumps(policy | {"ca_file": certifi.where()}))
    assert store.findings == ()


def test_the_table_to_read_has_a_row_for_every_key() -> None:
    rows = settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(policy_keys())
    cells = {row.split("`")[1]: [cell.strip() for cell in row.split("|")[4:-1]] for row in rows}
    assert cells["terminal_id_seconds"] == ["60–300", "`180`", "`180`", "`60`"]
    assert cells["mask_numbers"] == ["true, false", "`false`", "`false`", "`true`"]
    assert cells["backend_url"] == ["", "", '`"https://eligibility.example.jp"`', "no network"]


def test_the_administrative_template_writes_the_value_the_program_reads() -> None:
    policies = {row.get("name", ""): row for row in ET.fromstring(admx()).iterfind(".//p:policy", NAMESPACE)}
    assert set(policies) == set(policy_keys())
    for name, key in policy_keys().items():
        row = policies[name]
        assert row.get("key") == r"SOFTWARE\Policies\myna-app"
        assert row.get("class") == "Machine"
        target = row if isinstance(key.kind, Switch) else row.find("p:elements/*", NAMESPACE)
        assert target is not None
        assert target.get("valueName") == name
        match key.kind:
            case Whole(low, high):
                assert (target.get("minValue"), target.get("maxValue")) == (str(low), str(high))
            case Choice(members):
                values = [value.text for value in target.iterfind(".//p:string", NAMESPACE)]
                assert values == [member.value for member in members]


@pytest.mark.parametrize("language", ["ja-JP", "en-US"])
def test_every_word_the_template_asks_for_is_there(language: str) -> None:
    asked = {part.split(")")[0] for part in admx().split("$(string.")[1:]}
    shown = {part.split(")")[0] for part in admx().split("$(presentation.")[1:]}
    words = ET.fromstring(adml(language))
    assert {row.get("id") for row in words.iterfind(".//p:string", NAMESPACE)} == asked
    assert {row.get("id") for row in words.iterfind(".//p:presentation", NAMESPACE)} == shown


def test_the_response_file_asks_for_no_secret(tmp_path: Path) -> None:
    write_fleet_files(tmp_path)
    text = (tmp_path / "response.ini").read_text("utf-8")
    assert [line for line in text.splitlines() if line.startswith(("password", "activation"))] == []
