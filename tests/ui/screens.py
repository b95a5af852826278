"""``python -m tests.ui.screens FOLDER``: every screen × colours × scale × language as PNG files, with contact sheets.

``--accept`` instead renews what the regression test compares with, and tells which screens changed: look at them.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageOps

from myna_app.ui.texts import Language
from myna_app.ui.theme import Scheme
from tests.ui.accepted import REFERENCE, accept, changes

SCHEMES = (Scheme.LIGHT, Scheme.DARK, Scheme.HIGH_CONTRAST)
_SMALL = (450, 320)
_COLUMNS = 8
_CAPTION = 14


class Shape(NamedTuple):
    """How a set of pictures is drawn. Full HD at 200 % leaves 960×492 points."""

    scheme: Scheme
    percent: int
    language: Language

    @property
    def name(self) -> str:
        return f"{self.scheme}-{self.percent}-{self.language}"


SHAPES = [Shape(*one) for one in product(SCHEMES, (100, 200), Language)]


def draw(shape: Shape, folder: Path) -> list[Path]:
    """All screens of one shape, by a process of its own, for a scale factor holds for a whole process."""
    for old in folder.glob("*.png"):
        old.unlink()
    size = "900x640" if shape.percent == 100 else "960x492"
    desktop = f"offscreen:configfile={Path(__file__).parent / 'desktop.json'}"  # Full HD; without it 800×800
    environment = {"QT_QPA_PLATFORM": desktop, "QT_SCALE_FACTOR": str(shape.percent / 100), "TZ": "Asia/Tokyo"}
    words = ("--language", shape.language, "--scheme", shape.scheme, "--size", size)
    subprocess.run(
        [sys.executable, "-m", "tests.ui.gallery", str(folder), *words], check=True, env={**os.environ, **environment}
    )
    return sorted(folder.glob("*.png"), key=lambda file: file.stem)


def contact_sheet(pictures: Sequence[Path]) -> Image.Image:
    """The pictures in rows, small, each under its name."""
    width, height = _SMALL
    rows = -(-len(pictures) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * width, rows * (height + _CAPTION)), "#808080")
    pen = ImageDraw.Draw(sheet)
    for place, file in enumerate(pictures):
        left, top = place % _COLUMNS * width, place // _COLUMNS * (height + _CAPTION)
        pen.text((left + 2, top + 1), file.stem, fill="#ffffff")
        with Image.open(file) as picture:
            drawn = ImageOps.pad(picture.convert("RGB"), (width - 2, height - 2), Image.Resampling.BOX, "#808080")
        sheet.paste(drawn, (left, top + _CAPTION))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--accept", action="store_true")
    chosen = parser.parse_args()
    for shape in SHAPES:
        pictures = draw(shape, chosen.folder / shape.name)
        if chosen.accept:
            known = (REFERENCE / f"{shape.name}.txt").exists()
            for name, how in sorted(changes(shape.name, shape.percent, pictures).items()) if known else ():
                print(chosen.folder / shape.name / f"{name}.png", how)
            accept(shape.name, shape.percent, pictures)
        else:
            contact_sheet(pictures).save(chosen.folder / f"sheet-{shape.name}.png")
            print(chosen.folder / f"sheet-{shape.name}.png", len(pictures), "screens", flush=True)


if __name__ == "__main__":
    main()
