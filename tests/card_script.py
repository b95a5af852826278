"""A card that follows a script, to drive the real code with recorded conversations."""

from collections.abc import Mapping

from myna_app.card.pcsc_errors import pcsc_error


class ScriptedCard:
    """A `Transport` that expects the commands of a script, in their order, and nothing else.

    A line is ``> command``, ``< answer`` or ``! PC/SC result code`` in hex, spaces as one likes; ``#`` starts a
    comment; ``{name}`` stands for bytes given by keyword.
    """

    def __init__(self, script: str, **parts: bytes) -> None:
        texts = (text.partition("#")[0].strip() for text in script.splitlines())
        self._lines = [_line(text, parts) for text in texts if text]

    def transmit(self, command: bytes) -> bytes:
        assert self._lines, f"the script is over, but {command.hex().upper()} was sent"
        kind, expected = self._lines.pop(0)
        assert (kind, expected) == (">", command), f"expected {expected.hex().upper()}, got {command.hex().upper()}"
        kind, answer = self._lines.pop(0)
        if kind == "!":
            raise pcsc_error(int.from_bytes(answer, "big"))
        assert kind == "<"
        return answer

    def assert_finished(self) -> None:
        assert not self._lines, f"never sent: {self._lines[0][1].hex().upper()}"


def _line(text: str, parts: Mapping[str, bytes]) -> tuple[str, bytes]:
    filled = text[1:].format_map({name: value.hex() for name, value in parts.items()})
    return text[0], bytes.fromhex(filled)
