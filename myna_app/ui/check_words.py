"""A line of the doctor in words, for the page and the command alike."""

import re

from myna_app.flow.beside import Check
from myna_app.ui.texts import Texts


def check_words(texts: Texts, check: Check) -> str:
    """What was examined and what was found; the code and the steps of a problem stand apart."""
    if check.problem is not None:
        found = texts.problem(check.problem, {}).title
    else:
        known = f"doctor.found.{re.sub(r'[^a-z]+', '_', check.found).strip('_')}"
        found = texts(known) if texts.has(known) else check.found
    begun = (word[:1].upper() + word[1:] for word in (texts(f"doctor.{check.name}"), found))  # English, each a sentence
    return "　".join(word for word in (*begun, check.about) if word)
