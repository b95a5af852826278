"""How bytes and times stand in the contract's JSON."""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_GROUP = "[0-9A-Za-z_-]{4}"
_ENDS = ("", "[0-9A-Za-z_-][AQgw]", "[0-9A-Za-z_-]{2}[AEIMQUYcgkosw048]")
"""Patterns of what stands for no, one or two bytes after the groups of three."""
_ALPHABET = re.compile(r"[0-9A-Za-z_-]*")


def to_base64url(data: bytes) -> str:
    """Base64url without padding (RFC 4648 §5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes of a canonical text. Raises `ValueError`: a second spelling of the same bytes is refused too."""
    if not _ALPHABET.fullmatch(text) or len(text) % 4 == 1:
        raise ValueError("not base64url without padding")
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(data) != text:
        raise ValueError("not the canonical spelling")
    return data


@dataclass(frozen=True, slots=True)
class Base64Url:
    """Metadata of an ``Annotated[bytes, Base64Url(...)]`` member; the bounds are bytes."""

    max_length: int
    min_length: int = 1

    def _decode(self, value: object) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "text")
        try:
            data = from_base64url(value)
        except ValueError:
            raise PydanticCustomError("string_pattern_mismatch", "base64url without padding") from None
        if not self.min_length <= len(data) <= self.max_length:
            raise PydanticCustomError("bytes_length", "number of bytes")
        return data

    def _pattern(self) -> str:
        """Whole groups of four, then the last one or two bytes, whose unused bits are zero."""
        if self.min_length == self.max_length:
            groups, rest = divmod(self.min_length, 3)
            return f"^(?:{_GROUP}){{{groups}}}{_ENDS[rest]}$"
        return f"^(?:{_GROUP})*(?:{'|'.join(filter(None, _ENDS))})?$"

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._decode, serialization=core_schema.plain_serializer_function_ser_schema(to_base64url)
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": self._pattern(),
            "minLength": -(-self.min_length * 4 // 3),
            "maxLength": -(-self.max_length * 4 // 3),
            "contentEncoding": "base64url",
        }


def whole_seconds(moment: datetime) -> datetime:
    """UTC without fractions, as times stand in answers."""
    return moment.astimezone(UTC).replace(microsecond=0)


Nonce = Annotated[bytes, Base64Url(32, 32)]
Signature = Annotated[bytes, Base64Url(256, 256)]
