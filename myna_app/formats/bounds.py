"""Bounds of text fields, written once for both sides of the contract and for what OpenAPI publishes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Text:
    """Metadata of an ``Annotated[str, Text(...)]`` field: length in characters and a pattern.

    pydantic reads it through the hook below; this module itself needs no pydantic, so start-up does not pay for it.
    """

    max_length: int
    min_length: int = 1
    pattern: str | None = None

    def __get_pydantic_core_schema__(self, _source: Any, _handler: "GetCoreSchemaHandler") -> "CoreSchema":
        from pydantic_core import core_schema  # noqa: PLC0415 - see the class docstring

        return core_schema.str_schema(
            min_length=self.min_length, max_length=self.max_length, pattern=self.pattern, strict=True
        )


def _digits(count: int) -> Text:
    return Text(count, count, rf"^[0-9]{{{count}}}$")


Date8 = Annotated[str, _digits(8)]
"""YYYYMMDD, Gregorian, as in the OQS messages. Parts that are not known are zeros."""

Time14 = Annotated[str, _digits(14)]
"""YYYYMMDDhhmmss, Japan time."""

Month6 = Annotated[str, _digits(6)]
"""YYYYMM."""

Code = Annotated[str, Text(3, pattern=r"^[0-9A-Z]{1,3}$")]
"""A value of an OQSCD code table."""

Name = Annotated[str, Text(200)]
Symbol = Annotated[str, Text(20)]
"""記号 or 番号: kanji, kana, digits and hyphens in either width; leading zeros are significant."""

Percent = Annotated[str, _digits(3)]
"""一部負担金割合: three digits, percent."""
