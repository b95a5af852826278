"""Layers of raw values become one snapshot and a list of what was not accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myna_app.settings.kinds import BadValueError, Reason
from myna_app.settings.layers import Layer, Source
from myna_app.settings.table import KEYS, Key, Setter, Settings

_SETTERS = {
    Source.USER: Setter.USER | Setter.PROGRAM,
    Source.ENVIRONMENT: Setter.POLICY,
    Source.POLICY: Setter.POLICY,
    Source.REGISTRY: Setter.POLICY,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A value that was not accepted. `key` and `line` are None where the whole layer is meant or it is not known."""

    source: Source
    place: str
    line: int | None
    key: str | None
    reason: Reason
    stops_network: bool

    def __str__(self) -> str:
        where = self.place if self.line is None else f"{self.place}:{self.line}"
        return f"{where} {self.key or ''} {self.reason.value}".replace("  ", " ")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The snapshot, who set each key, and what was not accepted (weakest source first)."""

    settings: Settings
    origins: Mapping[str, Source]
    findings: tuple[Finding, ...]


def merge(layers: Iterable[Layer]) -> Loaded:
    """Lay `layers` over the defaults, weakest first. A value that is not accepted gives way to the strictest one."""
    values: dict[str, Any] = {}
    origins = dict.fromkeys(KEYS, Source.DEFAULT)
    findings: list[Finding] = []
    for layer in layers:
        if layer.fault is not None:
            findings.append(
                Finding(layer.source, layer.place, layer.fault_line, None, layer.fault, layer.source.is_policy)
            )
        for name, raw in layer.values.items():
            accepted, finding = _judge(layer, name, raw)
            values |= accepted
            origins |= dict.fromkeys(accepted, layer.source)
            if finding is not None:
                findings.append(finding)
    return Loaded(Settings(**values), origins, tuple(findings))


def _judge(layer: Layer, name: str, raw: object) -> tuple[dict[str, object], Finding | None]:
    """What `name` becomes by this layer (nothing, if it does not belong there), and the complaint."""

    def finding(reason: Reason, *, stops_network: bool = False) -> Finding:
        return Finding(layer.source, layer.place, layer.lines.get(name), name, reason, stops_network)

    key = KEYS.get(name)
    if key is None:
        return {}, finding(Reason.UNKNOWN)
    if not key.setters & _SETTERS[layer.source]:
        return {}, finding(Reason.NOT_HERE)
    try:
        return {name: _parse(key, layer.source, raw)}, None
    except BadValueError as error:
        return {name: key.strictest}, finding(error.reason, stops_network=key.network and layer.source != Source.USER)


def _parse(key: Key, source: Source, raw: object) -> object:
    """The environment knows only text; the registry has no type for a point in time, but no policy key needs one."""
    if source == Source.ENVIRONMENT:
        assert isinstance(raw, str)
        return key.kind.from_text(raw)
    return key.kind.parse(raw)
