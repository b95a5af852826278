"""What the windows need from the rest of the program, and the choices they are made with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, unique
from typing import Protocol

from myna_app.export.profiles import PROFILES, CopyProfile, ProfileName
from myna_app.flow.events import Event
from myna_app.formats.facility import FacilityKind
from myna_app.ui.native import Sounds
from myna_app.ui.texts import Texts
from myna_app.ui.theme import Theme


class Journey(Protocol):
    """The runner, seen from the windows. New states come back through `MainWindow.render`, in the GUI thread."""

    def send(self, event: Event) -> None:
        """Something happened; returns at once."""


@unique
class SoundChoice(StrEnum):
    """音を鳴らす."""

    ALL = "all"
    PROBLEMS = "problems"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Options:
    """Settings the windows obey; the composition root takes them from the settings store."""

    version: str
    result_seconds: int = 60
    """Idle time until a result leaves the screen."""
    idle_lock_minutes: int = 10
    terminal_id_seconds: int = 180
    """How long it is shown."""
    clipboard_seconds: int = 60
    """How long a copy can be pasted."""
    sound: SoundChoice = SoundChoice.ALL
    hide_from_capture: bool = True
    clear_on_lift: bool = False
    """A result leaves the screen when its card is lifted."""
    mask_numbers: bool = False
    """Numbers are shown only while a button is held."""
    shuffle_keypad: bool = False
    reduced_motion: bool = False
    """Menus and lists appear at once, whatever the system does."""
    institution_code: str = ""
    """What stands in M-02 at first."""
    allow_copy: bool = True
    allow_photograph: bool = False
    """The digits under the photograph are asked for after the reading; in some readers the card then covers them."""
    copy_profiles: Mapping[ProfileName, CopyProfile] = field(default_factory=lambda: PROFILES)
    """Those that there are, the office's own among them where it has one."""
    copy_profile: ProfileName = ProfileName.AS_RECEIVED
    visitor: FacilityKind | None = None
    """The kind of office whose word for people is used; None: the office's own."""
    badge: str | None = None
    """Said in the header and the title of a window that is not the real thing, such as a demo's."""


@dataclass(frozen=True, slots=True)
class Kit:
    """What every page is built with."""

    texts: Texts
    theme: Theme
    options: Options
    sounds: Sounds
    clock: Callable[[], float]
    """Monotonic seconds."""
    now: Callable[[], datetime]
    """Wall time of the PC, with its zone."""
