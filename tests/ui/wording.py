"""What every Japanese sentence for staff keeps to: short, polite, in words they use."""

import re
from collections.abc import Iterator

LONGEST_SENTENCE = 42
LONGEST_TITLE = 20
BANNED = (
    "ICカードリーダライタ",
    "デバイス",
    "個人番号カード",
    "マイナカード",
    "載置",
    "タッチ",
    "かざ",
    "クオリフィケーション",
    "バックエンド",
    "API",
    "PIN",
    "リトライ",
    "再試行",
    "キャンセル",
    "中断",
    "アボート",
    "エラーが発生しました",
    "こと。",
    "！",
    "不可",
)
POLITE = ("ます。", "です。", "ました。", "ません。", "でした。", "ください。", "ますか。", "ましたか。", "しょうか。")


def wording_faults(text: str) -> list[str]:
    """What is wrong with a text of one or more lines; a line that begins with ・ is an item of a list."""
    return [*_jargon(text), *_sentences_at_fault(text)]


def asks_for_something(step: str) -> bool:
    """Whether a step says what to do."""
    return step.endswith("ください。") or "ください。\n" in step


def _jargon(text: str) -> Iterator[str]:
    yield from (f"{word} in {text}" for word in BANNED if word in text)


def _sentences_at_fault(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.startswith("・"):
            continue
        for sentence in re.findall(r"[^。]+。?", line):
            if len(sentence.removesuffix("。")) > LONGEST_SENTENCE:
                yield f"too long: {sentence}"
            if sentence.endswith("。") and not sentence.endswith(POLITE):
                yield f"not polite: {sentence}"
