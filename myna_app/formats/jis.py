"""Which kanji a receipt computer takes: claims know JIS X 0208 (第1・第2水準) alone. The tables are Python's codecs."""

from enum import StrEnum, unique

_SECOND_PLANE = 0x8F
"""Lead byte of EUC-JIS-2004 for the second plane of JIS X 0213, which is 第4水準."""


@unique
class RareLevel(StrEnum):
    """Where a character stands that is not in JIS X 0208."""

    THIRD = "third"
    FOURTH = "fourth"
    NONE = "none"
    """In no JIS set: a vendor's own, such as 髙, or Unicode alone."""


def rare_level(char: str) -> RareLevel | None:
    """None: every system takes this character."""
    if _encoded(char, "shift_jis"):  # Python's codec of this name is JIS X 0208 (and 0201) without vendors' additions
        return None
    wide = _encoded(char, "euc_jis_2004")
    if not wide:
        return RareLevel.NONE
    return RareLevel.FOURTH if wide[0] == _SECOND_PLANE else RareLevel.THIRD


def _encoded(char: str, codec: str) -> bytes:
    try:
        return char.encode(codec)
    except UnicodeEncodeError:
        return b""
