"""``python -m myna_app.ui.error_page`` prints ``docs/errors.md``: every problem as the screens tell it."""

from collections.abc import Iterator

from myna_app.errors import Kind, Problem
from myna_app.resources import resources_folder
from myna_app.ui.texts import Language, Texts

_WHO = {
    Kind.RETRY: "もう一度ためすと直ることが多い / doing it again usually helps",
    Kind.STAFF: "受付で直せる / reception can solve it",
    Kind.ADMIN: "パソコンかアカウントの担当者が直す / for whoever looks after the PC or the account",
    Kind.OTHER_WAY: "この方は別の方法で確認する / confirm this visitor in another way",
}


def page() -> str:
    """The whole page, in Japanese and English."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    japanese, english = (Texts.load(language, resources_folder() / "text") for language in Language)
    yield "# エラーコード / Error codes"
    yield ""
    yield "画面のことばから作っています（`make errors`）。 / Made from the words of the screens (`make errors`)."
    for problem in Problem:
        ja, en = japanese.problem(problem, {}), english.problem(problem, {})
        yield ""
        yield f"## {problem.value} {ja.title} / {en.title}"
        yield ""
        yield f"{ja.what} / {en.what}"
        yield ""
        for number, (step, other) in enumerate(zip(ja.steps, en.steps, strict=True), start=1):
            yield f"{number}. {_inline(step)} / {_inline(other)}"
        yield ""
        if ja.say is not None:
            yield f"「{ja.say}」"
            yield ""
        yield f"{_WHO[problem.kind]}"


def _inline(text: str) -> str:
    return text.replace("\n", " ")


if __name__ == "__main__":
    print(page(), end="")
