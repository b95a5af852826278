"""The long checks use the same real parts as the story."""

from tests.story.conftest import backend, deck, pcscd

__all__ = ["backend", "deck", "pcscd"]
