"""The photograph of the card face, decoded: JPEG 2000 in grey (measured, myna-card), bounded before it is unpacked."""

from dataclasses import dataclass, field
from io import BytesIO

from myna_app.formats.tlv import MalformedError

_LONGEST_SIDE = 2000
"""Pixels; the pictures of passports, which these resemble, have a few hundred."""


@dataclass(frozen=True, slots=True)
class GreyPicture:
    """`pixels` holds one byte each, 0 black to 255 white, row by row from the top, without padding."""

    width: int
    height: int
    pixels: bytes = field(repr=False)


def decode_photograph(data: bytes) -> GreyPicture:
    """Raises `MalformedError` for whatever is no such picture. For signed data: the decoder is a large program."""
    from PIL import Image  # noqa: PLC0415 - start-up does not pay for it

    try:
        with Image.open(BytesIO(data), formats=["JPEG2000"]) as picture:
            fits = max(picture.size) <= _LONGEST_SIDE
            grey = picture.convert("L") if fits else None
    except Exception:  # noqa: BLE001 - the decoder promises no type of error
        raise MalformedError("photograph cannot be decoded") from None
    if grey is None:
        raise MalformedError("photograph too large")
    return GreyPicture(grey.width, grey.height, grey.tobytes())
