"""What the screens looked like when somebody last looked at them, and where they look different now.

Of each picture the mean colour of every 8×8 points is kept: small enough for the repository (all shapes together are
little more than a megabyte), fine enough for one word that is another or a line that is cut. The names stand beside
them, a line each, so that a change of the project tells which screens came and went.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageChops

REFERENCE = Path(__file__).parent / "reference"
TOLERANCE = 14
"""Of 255, in the tile that differs most: drawn anew it is 4, with another word or a line cut by 6 px 19 and more."""
_POINTS = 8
_COLUMNS = 8
_COARSE = 8
"""Steps between the colours that are kept."""


def accept(shape: str, percent: int, pictures: Sequence[Path]) -> None:
    tables = [tiles(file, percent) for file in pictures]
    width, height = tables[0].size
    sheet = Image.new("RGB", (_COLUMNS * width, -(-len(tables) // _COLUMNS) * height))
    for table, place in zip(tables, _places(len(tables), tables[0].size), strict=True):
        sheet.paste(table.point(lambda value: value // _COARSE * _COARSE + _COARSE // 2), place)
    REFERENCE.mkdir(exist_ok=True)
    sheet.save(REFERENCE / f"{shape}.webp", lossless=True, quality=100, method=6)
    names = "".join(f"{file.stem}\n" for file in pictures)
    (REFERENCE / f"{shape}.txt").write_text(names, encoding="utf-8", newline="\n")


def changes(shape: str, percent: int, pictures: Sequence[Path]) -> Mapping[str, str]:
    """Screens that came, went or look different, each with how; empty: all is as it was accepted."""
    before = dict(_accepted(shape, tiles(pictures[0], percent).size))
    now = {file.stem: tiles(file, percent) for file in pictures}
    told = {name: "came" if name in now else "went" for name in now.keys() ^ before.keys()}
    for name in now.keys() & before.keys():
        far, place = difference(now[name], before[name])
        if far > TOLERANCE:
            told[name] = f"differs by {far} at {place[0] * _POINTS}, {place[1] * _POINTS}"
    return told


def tiles(file: Path, percent: int) -> Image.Image:
    with Image.open(file) as picture:
        return picture.convert("RGB").reduce(_POINTS * percent // 100)


def difference(one: Image.Image, other: Image.Image) -> tuple[int, tuple[int, int]]:
    """Of the tile and channel that differ most: by how much, and where (column, row)."""
    channels = ImageChops.difference(one, other).split()
    largest = ImageChops.lighter(ImageChops.lighter(channels[0], channels[1]), channels[2])
    far = int(largest.getextrema()[1])
    left, top, *_ = largest.point(lambda value: 255 * (value == far)).getbbox() or (0, 0)
    return far, (left, top)


def _accepted(shape: str, size: tuple[int, int]) -> Iterator[tuple[str, Image.Image]]:
    names = (REFERENCE / f"{shape}.txt").read_text(encoding="utf-8").splitlines()
    with Image.open(REFERENCE / f"{shape}.webp") as sheet:
        whole = sheet.convert("RGB")
    for name, (left, top) in zip(names, _places(len(names), size), strict=True):
        yield name, whole.crop((left, top, left + size[0], top + size[1]))


def _places(count: int, size: tuple[int, int]) -> list[tuple[int, int]]:
    return [(place % _COLUMNS * size[0], place // _COLUMNS * size[1]) for place in range(count)]
