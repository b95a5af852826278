"""Versions of the application: who is too old."""

import re
from datetime import date

from myna_app.formats.version import version_number
from myna_backend.contract import MinimumAppVersion
from myna_backend.problems import Code, Refusal

_USER_AGENT = re.compile(r"myna-app/([0-9A-Za-z.+-]{1,32})(?: .*)?")


def require_app_version(user_agent: str, minimum: MinimumAppVersion | None, today: date) -> None:
    """Raises `update_required` for an application older than the minimum, or of unknown age, once the minimum holds."""
    if minimum is None or today < minimum.from_:
        return
    match = _USER_AGENT.fullmatch(user_agent)
    if match is None or version_number(match[1]) < version_number(minimum.version):
        raise Refusal(Code.UPDATE_REQUIRED)
