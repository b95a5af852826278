"""``docs/errors.md`` says what the screens say."""

from pathlib import Path

from myna_app.ui.error_page import page


def test_the_page_is_the_one_that_is_made_from_the_catalogue() -> None:
    assert Path("docs/errors.md").read_text("utf-8") == page(), "run: make errors"
