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
    "|(?<=もう)(?=一度)|(?<=の|じ)(?=方(?!法))"
    "|(?<=資格情報の)(?=お知らせ)"  # a document's name
)
_LONGEST = 10
"""Characters held together; more might be wider than a narrow panel at the largest text, and be cut."""
_TOO_LONG = re.compile(f"[^{_JOINER}](?:{_JOINER}[^{_JOINER}]){{{_LONGEST},}}")
_SEAM = re.compile(
    "(?<=[てで])(?=くださ|もら|いた)|(?<=[はがもに])(?=あり|でき|して)|(?<=られ)(?=ません)|(?=こと|とき|よう|カード|コード)|(?<=性)"
)
"""Where a word that is too long parts best: 更新して|もらって|ください, マイナンバー|カード."""


def phrased(text: str) -> str:
    """`text` with its words held together. Nothing is remembered of it."""
    return _TOO_LONG.sub(_parted, _WITHIN.sub(_JOINER, text))


def _parted(run: re.Match[str]) -> str:
    pieces = _SEAM.split(run.group().replace(_JOINER, ""))
    return "".join(_JOINER.join(piece) if len(piece) <= _LONGEST else piece for piece in pieces)


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
