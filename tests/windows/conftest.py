"""The Windows program and its installer, under Wine: the real parts are those of the story."""

from tests.story.conftest import backend, deck, pcscd

__all__ = ["backend", "deck", "pcscd"]
