"""Problems that end by themselves: what is waited for while M-14 tells them.

Readers and cards tell by their own events that they are back (`card_step`), 「しばらく」 ends by the clock of the page.
"""

from myna_app.errors import Problem
from myna_app.flow.states import Trouble, UpdateScreen
from myna_app.flow.work import AwaitBackend, Work


def mending(trouble: Trouble) -> Work | None:
    """What finds out that the problem is over. Updates may come from elsewhere: of them the backend knows nothing."""
    of_the_backend = trouble.report.problem is Problem.BACKEND_UNREACHABLE
    return AwaitBackend() if of_the_backend and not isinstance(trouble.origin, UpdateScreen) else None
