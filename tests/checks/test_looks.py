"""The screens look as they were accepted: ``python -m tests.ui.screens FOLDER --accept``, after a look at them."""

from pathlib import Path

import pytest

from tests.ui.accepted import changes
from tests.ui.screens import SHAPES, Shape, draw


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_screen_looks_as_it_was_accepted(shape: Shape, tmp_path: Path) -> None:
    drawn = draw(shape, tmp_path)
    assert changes(shape.name, shape.percent, drawn) == {}
