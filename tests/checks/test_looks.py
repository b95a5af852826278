"""The screens look as they were accepted (``python -m tests.ui.screens FOLDER --accept`` after a look at them)."""

from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.ui.screens import ACCEPTED, REFERENCE, Shape, cells, contact_sheet, draw

TOLERANCE = 6.0
"""Mean difference a colour channel, of 255; letters that moved by a pixel stay below, a block that moved does not."""


@pytest.mark.parametrize("shape", ACCEPTED, ids=lambda shape: shape.name)
def test_every_screen_looks_as_it_was_accepted(shape: Shape, tmp_path: Path) -> None:
    drawn = draw(shape, tmp_path)
    sheet = contact_sheet(drawn)
    with Image.open(REFERENCE / f"{shape.name}.png") as reference:
        accepted = reference.convert("RGB")
    assert sheet.size == accepted.size, "screens came or went"
    pairs = zip(drawn, cells(sheet, len(drawn)), cells(accepted, len(drawn)), strict=True)
    changed = {file.name: difference(now, before) for file, now, before in pairs}
    assert {name: far for name, far in changed.items() if far > TOLERANCE} == {}


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of the channel that differs most."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)
