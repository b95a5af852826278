"""The readers of this PC; ★ marks the chosen one."""

from myna_app.flow.states import Capability, Desk, Reader
from myna_app.ui.texts import Texts
from myna_app.ui.widgets.choice_list import ChoiceList

_BESIDE, _BELOW = "　　", "\n　　"
_SHORT = 40
"""Characters of a name that leave room in its line for what can be said of the reader."""


def reader_words(texts: Texts, reader: Reader) -> str:
    """Whether this reader can be used, in words."""
    if not reader.usable:
        return texts("reader.unusable")
    match reader.capability:
        case Capability.EXTENDED:
            return texts("reader.extended")
        case Capability.SHORT:
            return texts("reader.slow")
        case Capability.UNKNOWN:
            return texts("reader.untried")


class ReaderList(ChoiceList):
    """Rebuilt only when something in it changed, so that the cursor stays where it is."""

    def __init__(self, texts: Texts) -> None:
        super().__init__("M-11.readers", texts("M-11.list_name"))
        self._texts = texts
        self._shown: tuple[tuple[Reader, ...], str | None] = ((), None)

    def show_readers(self, desk: Desk) -> None:
        if (desk.readers, desk.chosen_reader) == self._shown:
            return
        self._shown = (desk.readers, desk.chosen_reader)
        keep = self.current() or desk.chosen_reader
        self.clear()
        for reader in desk.readers:
            chosen = reader.name == desk.chosen_reader
            words = reader_words(self._texts, reader)
            spoken = [reader.name, self._texts("reader.chosen") if chosen else "", words]
            self.offer(
                reader.name,
                f"{'★' if chosen else '　'}　{reader.name}{_BESIDE if len(reader.name) <= _SHORT else _BELOW}{words}",
                spoken="、".join(part for part in spoken if part),
                usable=reader.usable,
            )
        self.move_to(keep)
