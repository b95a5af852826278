"""What is shipped beside our own code, for M-23: who made it, and under which licence.

The frozen program carries a list that its build wrote from what is really inside. A source run has no such list and
tells of the packages it was installed with.
"""

import gzip
import json
import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from myna_app.flow.beside import Component
from myna_app.resources import resources_folder

_LIST = "licences.json.gz"
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)


def components() -> tuple[Component, ...]:
    """By name."""
    file = resources_folder() / _LIST
    if file.exists():
        return tuple(Component(**row) for row in json.loads(gzip.decompress(file.read_bytes())))
    found = {one.metadata["Name"]: _described(one) for one in _required("myna-app", set())}
    return tuple(found[name] for name in sorted(found, key=str.lower))


def _required(name: str, seen: set[str]) -> Iterator[Distribution]:
    """Everything that the package needs, and what that needs; extras are not installed at a reception desk."""
    seen.add(name)
    try:
        needs = distribution(name).requires or []
    except PackageNotFoundError:  # for another operating system
        return
    for need in needs:
        match = re.match(r"[A-Za-z0-9._-]+", need)
        if match is None or "extra ==" in need or match[0] in seen:
            continue
        try:
            yield distribution(match[0])
        except PackageNotFoundError:
            continue
        yield from _required(match[0], seen)


def _described(one: Distribution) -> Component:
    about = one.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier") or [] if "License :: " in line]
    stated = [about[field] for field in ("License-Expression", "License") if field in about]
    licence = (stated or classifiers or [""])[0].partition("\n")[0]
    texts = [file.read_text("utf-8") for file in one.files or () if _LICENCE_FILE.search(str(file))]
    return Component(about["Name"], one.version, licence, "\n\n".join(texts))
