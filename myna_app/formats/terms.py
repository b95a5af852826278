"""利用規約."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from myna_app.formats.bounds import Text

TermsVersion = Annotated[str, Text(32)]


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms in force, plain text; what changed stands at the beginning."""

    version: TermsVersion
    effective_on: date
    text: Annotated[str, Text(100_000)]
