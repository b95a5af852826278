"""The terminal, profile and window of the story, for what takes longer than the story itself."""

from tests.story.conftest import home, reception, window

__all__ = ["home", "reception", "window"]
