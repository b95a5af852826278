"""The accessibility tree of another process, read over AT-SPI as a screen reader does, and what is announced."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

from jeepney import DBusAddress, MatchRule, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_DBUS = "org.freedesktop.DBus"
_REGISTRY = "org.a11y.atspi.Registry"
_ROOT = "/org/a11y/atspi/accessible/root"
_EVENTS = "org.a11y.atspi.Event.Object"
_FOCUSABLE, _SHOWING = 11, 25
"""Bits of the state set (AtspiStateType)."""


class GoneError(Exception):
    """A control vanished while it was asked."""


@dataclass(frozen=True, slots=True)
class Node:
    """What a screen reader knows of a control."""

    role: str
    name: str
    focusable: bool


class Tree:
    """Connects to the accessibility bus of the session, and listens from then on."""

    def __init__(self) -> None:
        with open_dbus_connection("SESSION") as session:
            where = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus")
            self._address = session.send_and_get_reply(new_method_call(where, "GetAddress")).body[0]
        self._bus = open_dbus_connection(self._address)
        self._call(_REGISTRY, "/org/a11y/atspi/registry", _REGISTRY, "RegisterEvent", "s", ("object:announcement",))
        self._said: list[str] = []
        self._lock = Lock()
        self._stopping = Event()
        self._ear = Thread(target=self._listen, daemon=True)
        self._ear.start()

    def close(self) -> None:
        self._stopping.set()
        self._ear.join()
        self._bus.close()

    def nodes(self, seconds: float = 60.0) -> list[Node]:
        """All that is shown, of every other program on the bus; asked anew where something vanishes meanwhile."""
        end = time.monotonic() + seconds
        while True:
            try:
                found = self._children(_REGISTRY, _ROOT)
                return [node for bus, path in found if not self._is_ours(bus) for node in self._below(bus, path)]
            except GoneError:
                assert time.monotonic() < end, "the window does not come to rest"

    def check(self, screen: str) -> None:
        """Every control that takes the keyboard has a name and a role, and there is a heading; no markup and no access
        key is read out. `screen` is for the one who reads of a failure."""
        nodes = self.nodes()
        assert any(node.role == "heading" for node in nodes), screen
        for node in nodes:
            if node.focusable:
                assert node.name.strip(), (screen, node)
                assert node.role not in ("unknown", "invalid", ""), (screen, node)
                assert "<" not in node.name, (screen, node)
                assert "&" not in node.name, (screen, node)

    def see(self, role: str, seconds: float = 120.0) -> None:
        """Wait until something of this role is shown."""
        end = time.monotonic() + seconds
        while not any(node.role == role for node in self.nodes()):
            assert time.monotonic() < end, f"no {role} came"

    def see_no(self, role: str, seconds: float = 120.0) -> None:
        """Wait until nothing of this role is shown any more."""
        end = time.monotonic() + seconds
        while any(node.role == role for node in self.nodes()):
            assert time.monotonic() < end, f"the {role} stays"

    def said(self) -> list[str]:
        """Every announcement so far, oldest first."""
        with self._lock:
            return list(self._said)

    def hear(self, words: str, since: int = 0, seconds: float = 120.0) -> None:
        """Wait until `words` were part of an announcement after the first `since`."""
        end = time.monotonic() + seconds
        while not any(words in text for text in self.said()[since:]):
            assert time.monotonic() < end, f"{words} was not said, but {self.said()[since:]}"
            time.sleep(0.02)

    def _is_ours(self, bus: str) -> bool:
        """Windows of the tests' own process cannot answer while a test waits for them."""
        number = self._call(_DBUS, "/org/freedesktop/DBus", _DBUS, "GetConnectionUnixProcessID", "s", (bus,))[0]
        return bool(number == os.getpid())

    def _below(self, bus: str, path: str) -> Iterator[Node]:
        states = self._call(bus, path, _ACCESSIBLE, "GetState")[0]
        bits = states[0] | states[1] << 32
        role = self._call(bus, path, _ACCESSIBLE, "GetRoleName")[0]
        if not bits >> _SHOWING & 1 and role != "application":
            return
        name = self._call(bus, path, "org.freedesktop.DBus.Properties", "Get", "ss", (_ACCESSIBLE, "Name"))[0][1]
        yield Node(role, name, bool(bits >> _FOCUSABLE & 1))
        for child in self._children(bus, path):
            yield from self._below(*child)

    def _children(self, bus: str, path: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = self._call(bus, path, _ACCESSIBLE, "GetChildren")[0]
        return found

    def _call(self, bus: str, path: str, interface: str, method: str, *body: Any) -> Any:
        message = new_method_call(DBusAddress(path, bus, interface), method, *body)
        reply = self._bus.send_and_get_reply(message, timeout=60)
        if reply.header.message_type is MessageType.error:
            raise GoneError(reply.body)
        return reply.body

    def _listen(self) -> None:
        with open_dbus_connection(self._address) as ear:
            rule = MatchRule(type="signal", interface=_EVENTS, member="Announcement")
            ear.send_and_get_reply(message_bus.AddMatch(rule), timeout=10)
            while not self._stopping.is_set():
                self._take(ear)

    def _take(self, ear: DBusConnection) -> None:
        try:
            message = ear.receive(timeout=0.2)
        except TimeoutError:
            return
        body = message.body
        if len(body) > 3 and isinstance(body[3], tuple):
            with self._lock:
                self._said.append(str(body[3][1]))
