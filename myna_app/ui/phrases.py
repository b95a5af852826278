"""Where a line of Japanese may break: between phrases, not within a word.

Japanese has no spaces, so a line may end after any character, and 「…してくださ」「い。」 is the result. A word joiner
(U+2060: no width, nothing to see) stands wherever a break would tear a word apart.
"""

import re

from PySide6.QtWidgets import QLabel

_JOINER = "\u2060"
_HIRAGANA = "ぁ-ゟー"
_KATAKANA = "ァ-ヺーヽヾ"
_KANJI = "一-鿿々〇"
_ANY = f"{_HIRAGANA}{_KATAKANA}{_KANJI}0-9A-Za-z"
_PARTICLE = f"(?<=を)|(?<=[{_KATAKANA}{_KANJI}0-9A-Za-z][がはにでの])(?![るりっれらろすしせさきはもの])"
"""After these a phrase ends: 保険が|わかる; but not within 上がる, 確認できる, カードです, カードには."""
_WITHIN = re.compile(
    f"(?<=[{_ANY}])(?=[{_HIRAGANA}])(?![おご][{_KANJI}])(?!{_PARTICLE})"  # お in お返し begins a word
    f"|(?<=[{_KATAKANA}])(?=[{_KATAKANA}])"
    f"|(?<=[{_KANJI}0-9])(?<!一度)(?=[{_KANJI}])"
    f"|(?<=[おご])(?=[{_KANJI}])"
    f"|(?<=[{_KANJI}][きしちみり])(?=[{_KANJI}])"  # 読み取る, 差し込む
    "|(?<=もう)(?=一度)"
)


_TOO_LONG = re.compile(f"[^{_JOINER}](?:{_JOINER}[^{_JOINER}]){{10,}}")
"""More than ten characters held together might be wider than a narrow panel at the largest text, and be cut."""


def phrased(text: str) -> str:
    """`text` with its words held together. Nothing is remembered of it."""
    held = _WITHIN.sub(_JOINER, text)
    return _TOO_LONG.sub(lambda run: run.group().replace(_JOINER, ""), held)


class Words(QLabel):
    """Words of ours, broken between phrases where they wrap. Who reads them, or hears them, gets them as they are."""

    def setText(self, text: str) -> None:
        if not self.wordWrap():
            super().setText(text)
            return
        super().setText(phrased(text))
        self.setAccessibleName(text)

    def text(self) -> str:
        return super().text().replace(_JOINER, "")
