"""The journey: frozen states, events, and `step(state, event)`. No I/O, no clock, no Qt."""

from myna_app.flow.states import State
from myna_app.flow.step import start, step

__all__ = ["State", "start", "step"]
