"""Work that takes seconds, done on a thread while the windows stay alive."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QObject, Signal

T = TypeVar("T")


class _Done(QObject):
    came = Signal()


def in_background(work: Callable[[], T]) -> T:
    """What `work` returns or raises; events of the windows are handled until then. In the GUI thread."""
    loop, done = QEventLoop(), _Done()
    done.came.connect(loop.quit)

    def tell(_future: Future[T]) -> None:
        done.came.emit()

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        future.add_done_callback(tell)
        loop.exec()
    return future.result()
