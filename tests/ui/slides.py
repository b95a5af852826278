"""Shows one screen after another, as their names come in by standard input, for whoever looks from outside the process.

A name is printed once its screen stands.
"""

import sys

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from myna_app.ui.a11y import teach_headings
from myna_app.ui.window import MainWindow
from tests.ui.gallery import Listener, make_kit
from tests.ui.states import PROBLEMS, SCREENS


def main() -> None:
    application = QApplication([])
    teach_headings()
    window = MainWindow(Listener(), make_kit())
    window.show()

    def show_next() -> None:
        name = sys.stdin.readline().strip()
        if not name:
            application.quit()
            return
        window.show_state({**SCREENS, **PROBLEMS}[name])
        for _ in range(3):  # layout, then what waits for the layout
            application.processEvents()
        print(name, flush=True)

    told = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    told.activated.connect(show_next)
    application.exec()


if __name__ == "__main__":
    main()
