"""A problem as a screen tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from myna_app.errors import AppError, Problem


@dataclass(frozen=True, slots=True)
class Report:
    """One occurrence; the same problem, come again, is another report."""

    problem: Problem
    detail: str = ""
    facts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, error: AppError) -> "Report":
        return cls(error.problem, error.detail, error.facts)
