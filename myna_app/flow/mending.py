"""Problems that end by themselves: what is waited for while M-14 tells them.

Readers and cards tell by their own events that they are back (`card_step`), 「しばらく」 ends by the clock of the page.
"""

from myna_app.errors import Problem
from myna_app.flow.work import AwaitBackend, Work


def mending(problem: Problem) -> Work | None:
    """What finds out that `problem` is over."""
    return AwaitBackend() if problem is Problem.BACKEND_UNREACHABLE else None
