"""What `docs/contract.md` says, read by the tests that hold the program to it."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")


def _section(title: str) -> str:
    return PAGE.split(f"\n## {title}")[1].split("\n## ")[0]


def problems() -> dict[str, tuple[int, frozenset[str]]]:
    """Code → status and extension members, from the table of §2."""
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| ([a-z_, ]*)\|", _section("2. Problems"), re.M)
    assert rows
    return {code: (int(status), frozenset(re.findall(r"[a-z_]+", members))) for code, status, members in rows}


def calls() -> set[tuple[str, str]]:
    """(method, path) of the headings of §3."""
    found = re.findall(r"^### `([A-Z]+) (/v1/[^`]+)`", _section("3. Calls"), re.M)
    assert found
    return set(found)


def authorised_calls() -> set[tuple[str, str]]:
    return set(re.findall(r"^### `([A-Z]+) (/v1/[^`]+)` ●", _section("3. Calls"), re.M))


def examples() -> list[dict[str, Any]]:
    """The eligibility bodies of §4."""
    blocks = re.findall(r"```json\n(.*?)```", _section("4. Eligibility"), re.S)
    assert blocks
    return [json.loads(block) for block in blocks]
