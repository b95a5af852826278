"""A text that must not show itself: passcode, password, activation code."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """`value` is read only where it is used; everything that prints this object prints stars."""

    value: str

    def __repr__(self) -> str:
        return "Secret(****)"

    def __bool__(self) -> bool:
        return bool(self.value)


NOTHING = Secret("")
