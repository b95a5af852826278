"""What is printed on a sandbox card: name, address and codes as 1-bit PNG, the photograph as greyscale JPEG 2000.

The face is a drawing, different for every card and plainly no photograph.
"""

import hashlib
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

_FONTS = ("NotoSansCJK-Regular.ttc", "NotoSansJP-Regular.otf", "YuGothM.ttc", "meiryo.ttc", "msgothic.ttc")
_PHOTOGRAPH = (240, 300)
_SMALLEST = 8


def text_picture(text: str, size: tuple[int, int]) -> bytes:
    """One line, black on white, as large as it fits."""
    image = Image.new("1", size, 1)
    draw = ImageDraw.Draw(image)
    width, height = size
    letters = height - 2
    while letters > _SMALLEST and draw.textlength(text, _font(letters)) > width - 2:
        letters -= 1
    draw.text((1, height / 2), text, fill=0, font=_font(letters), anchor="lm")
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def photograph(seed: str) -> bytes:
    """A drawn face; `seed` decides hair, face and background."""
    back, hair, skin, width, fringe, *_ = hashlib.sha256(seed.encode()).digest()
    image = Image.new("L", _PHOTOGRAPH, 190 + back % 60)
    draw = ImageDraw.Draw(image)
    half = 62 + width % 16
    draw.ellipse((20, 230, 220, 420), fill=60 + back % 80)
    draw.ellipse((120 - half - 14, 30, 120 + half + 14, 230), fill=hair % 120)
    draw.ellipse((120 - half, 60, 120 + half, 240), fill=170 + skin % 60)
    draw.chord((120 - half, 50, 120 + half, 150 + fringe % 40), 180, 360, fill=hair % 120)
    for eye in (90, 150):
        draw.ellipse((eye - 8, 140, eye + 8, 152), fill=20)
    draw.arc((95, 180, 145, 210), 20, 160, fill=60, width=4)
    draw.text((120, 284), "SAMPLE", fill=255, font=_font(26), anchor="mm")
    stream = BytesIO()
    image.save(stream, "JPEG2000", quality_mode="rates", quality_layers=[24])
    return stream.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)  # without a Japanese font the name is printed as empty boxes
