"""施設: the office a terminal belongs to, and how its staff make sure of a visitor."""

from dataclasses import dataclass
from enum import StrEnum, unique

from myna_app.formats.bounds import Name


@unique
class FacilityKind(StrEnum):
    """What an office is; decides the words on the screen and what a visit answers."""

    MEDICAL = "medical"
    CHECKUP = "checkup"
    TREATMENT = "treatment"
    CARE = "care"


@dataclass(frozen=True, slots=True)
class Facility:
    name: Name
    kind: FacilityKind


@unique
class FaceCheckWay(StrEnum):
    """How staff made sure that the card is this visitor's (目視確認; contract, `face_check.way`)."""

    PHOTOGRAPH = "photograph"
    ACCOMPANIED = "accompanied"
    """A card without photograph (infants): confirmed with the accompanying person."""
