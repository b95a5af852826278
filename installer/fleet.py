"""Files for those who look after many PCs, made from the table of settings; here stand only examples of its keys.

`policy.schema.json` (for editors), `policy.toml` (every key with what it means and an example), `myna-app.admx` with
its words in Japanese and English (Group Policy, Intune), `settings.md` (the table to read), and `response.ini`.
"""

import re
from enum import StrEnum
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import tomli_w

from myna_app.settings.kinds import Choice, Switch, Whole
from myna_app.settings.schema import policy_schema
from myna_app.settings.table import KEYS, Key, Setter, Settings
from myna_app.settings.windows import POLICY_KEY

EXAMPLES: dict[str, object] = {
    "backend_url": "https://eligibility.example.jp",
    "ca_file": "C:\\ProgramData\\myna-app\\ca.pem",
    "proxy": "http://proxy.example.jp:8080",
    "proxy_user": "reception",
    "xml_drop_folder": "C:\\OQS\\face",
    "copy_own_items": "name_kana,birthdate,insurer_number,symbol,number,branch_number,share",
    "copy_own_digits": "insurer_number:8,branch_number:2",
    "default_reader_pattern": "*IC Card Reader*",
    "default_institution_code": "9919910019",
    "contact": "情報システム係　03-0000-0000",
    "update_url": "https://updates.example.jp/myna-app",
    "update_key": "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
}
"""Of the keys whose default is no example; the update key is the public key of RFC 8032, 7.1, test 1."""

_NAMESPACE = "MynaApp.Policies"
_RESPONSE = """; Answers for a silent installation: setup.exe /S /RESPONSE=C:\\rollout\\response.ini
; A password or an activation code is refused here: this file is copied to every PC.
[install]
policy=C:\\rollout\\policy.toml
desktop=1
autostart=0

[settings]
default_institution_code=9919910019
default_reader_pattern=*IC Card Reader*
"""


def policy_keys() -> dict[str, Key]:
    """The keys that a policy may hold."""
    return {name: key for name, key in KEYS.items() if Setter.POLICY in key.setters}


def example(name: str) -> object:
    """A value of `name` as it stands in a file."""
    value = EXAMPLES.get(name, getattr(Settings(), name))
    return value.value if isinstance(value, StrEnum) else value


def accepted(key: Key) -> str:
    """What a key takes, where that can be said in a few words; both bounds are included."""
    match key.kind:
        case Whole(low, high):
            return f"{low}–{high}"
        case Switch():
            return "true, false"
        case Choice(members):
            return ", ".join(member.value for member in members)
        case _:
            return ""


def _shown(value: object) -> str:
    """As it stands in a file; nothing for a key without a value."""
    plain = value.value if isinstance(value, StrEnum) else value
    return "" if plain is None else f"`{tomli_w.dumps({'key': plain}).strip().partition(' = ')[2]}`"


def write_fleet_files(folder: Path) -> None:
    (folder / "ja-JP").mkdir(parents=True, exist_ok=True)
    (folder / "en-US").mkdir(exist_ok=True)
    (folder / "policy.schema.json").write_text(policy_schema(), "utf-8")
    (folder / "policy.toml").write_text(policy_example(), "utf-8")
    (folder / "settings.md").write_text(settings_table(), "utf-8")
    (folder / "response.ini").write_text(_RESPONSE, "utf-8")
    (folder / "myna-app.admx").write_text(admx(), "utf-8")
    for language in ("ja-JP", "en-US"):
        (folder / language / "myna-app.adml").write_text(adml(language), "utf-8")


def policy_example() -> str:
    """A `policy.toml` with every key commented out."""
    lines = ["#:schema ./policy.schema.json", "# Every key a policy may hold. Take the # away from those you want.", ""]
    for name, key in policy_keys().items():
        takes = f"  [{accepted(key)}]" if accepted(key) else ""
        lines += [f"# {key.ja}", f"# {key.en}{takes}", f"# {tomli_w.dumps({name: example(name)}).strip()}", ""]
    return "\n".join(lines)


def settings_table() -> str:
    """What can be set, for reading."""
    head = ["| key | 意味 | meaning | values | default | example | when wrong |", "|---|---|---|---|---|---|---|"]
    defaults = Settings()
    rows = [
        f"| `{name}` | {key.ja} | {key.en} | {accepted(key)} | {_shown(getattr(defaults, name))}"
        f" | {_shown(example(name))} | {'no network' if key.network else _shown(key.strictest)} |"
        for name, key in policy_keys().items()
    ]
    return "\n".join([*head, *rows]) + "\n"


def admx() -> str:
    """Administrative template: one policy a key, below the registry key that the program reads."""
    policies = "\n".join(_policy(name, key) for name, key in policy_keys().items())
    return f"""<?xml version="1.0" encoding="utf-8"?>
<policyDefinitions xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
  revision="1.0" schemaVersion="1.0">
  <policyNamespaces>
    <target prefix="myna" namespace="{_NAMESPACE}"/>
    <using prefix="windows" namespace="Microsoft.Policies.Windows"/>
  </policyNamespaces>
  <resources minRequiredRevision="1.0"/>
  <categories><category name="myna_app" displayName="$(string.myna_app)"/></categories>
  <policies>
{policies}
  </policies>
</policyDefinitions>
"""


def _policy(name: str, key: Key) -> str:
    words = f'displayName="$(string.{name})" explainText="$(string.{name}_help)"'
    common = f'class="Machine" {words} key={quoteattr(POLICY_KEY)}'
    where = '<parentCategory ref="myna_app"/><supportedOn ref="windows:SUPPORTED_Windows_10_0"/>'
    if isinstance(key.kind, Switch):
        values = '<enabledValue><decimal value="1"/></enabledValue><disabledValue><decimal value="0"/></disabledValue>'
        return f'    <policy name="{name}" {common} valueName="{name}">{where}{values}</policy>'
    element = _element(name, key)
    presentation = f'presentation="$(presentation.{name})"'
    return f'    <policy name="{name}" {common} {presentation}>{where}<elements>{element}</elements></policy>'


def _element(name: str, key: Key) -> str:
    match key.kind:
        case Whole(low, high):
            return f'<decimal id="{name}" valueName="{name}" required="true" minValue="{low}" maxValue="{high}"/>'
        case Choice(members):
            values = [(f"$(string.{name}_{member.value})", member.value) for member in members]
            items = "".join(
                f'<item displayName="{shown}"><value><string>{value}</string></value></item>' for shown, value in values
            )
            return f'<enum id="{name}" valueName="{name}" required="true">{items}</enum>'
        case kind:
            longest = kind.schema().get("maxLength", 2000)
            return f'<text id="{name}" valueName="{name}" required="true" maxLength="{longest}"/>'


def adml(language: str) -> str:
    """The words of the template; what each value means is the table's own description."""
    japanese = language == "ja-JP"
    strings = [("myna_app", "資格確認アプリ" if japanese else "Eligibility check (myna-app)")]
    presentations = []
    for name, key in policy_keys().items():
        words = key.ja if japanese else key.en
        shown = tomli_w.dumps({name: example(name)}).strip()
        strings += [(name, words), (f"{name}_help", f"{words}\n\n{'例' if japanese else 'Example'}: {shown}")]
        if isinstance(key.kind, Choice):
            strings += [(f"{name}_{member.value}", member.value) for member in key.kind.members]
        if not isinstance(key.kind, Switch):
            presentations.append(f'      <presentation id="{name}">{_presentation(name, key, words)}</presentation>')
    table = "\n".join(f'      <string id="{name}">{escape(text)}</string>' for name, text in strings)
    shown_as = "\n".join(presentations)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<policyDefinitionResources xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
  revision="1.0" schemaVersion="1.0">
  <displayName>myna-app</displayName>
  <description>myna-app</description>
  <resources>
    <stringTable>
{table}
    </stringTable>
    <presentationTable>
{shown_as}
    </presentationTable>
  </resources>
</policyDefinitionResources>
"""


def _presentation(name: str, key: Key, words: str) -> str:
    label = escape(re.sub(r"（.*?）|\(.*?\)", "", words))
    match key.kind:
        case Whole():
            return f'<decimalTextBox refId="{name}" defaultValue="{example(name)}">{label}</decimalTextBox>'
        case Choice():
            return f'<dropdownList refId="{name}" defaultItem="0">{label}</dropdownList>'
        case _:
            return f'<textBox refId="{name}"><label>{label}</label></textBox>'
