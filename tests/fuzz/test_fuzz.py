"""Hostile bytes through every target: hypothesis in the suite, and the corpus that `make fuzz` begins with."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"
SEEDS = {name: [file.read_bytes() for file in sorted((CORPUS / name).iterdir())] for name in TARGETS}


@st.composite
def damaged(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A seed with some bytes changed, taken out or put in, or bytes of no origin."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return draw(st.one_of(st.just(bytes(data)), st.binary(max_size=600)))


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_and_every_beginning_of_it_end_in_mapped_errors(name: str) -> None:
    for seed in SEEDS[name]:
        for end in {*range(0, len(seed), 7), len(seed)}:
            TARGETS[name](seed[:end])


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_hostile_bytes_end_in_mapped_errors(name: str, data: st.DataObject) -> None:
    TARGETS[name](data.draw(damaged(SEEDS[name])))
