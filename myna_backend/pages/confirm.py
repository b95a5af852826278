"""The page that asks before something is done."""

from starlette.responses import Response

from myna_backend.pages.frame import page
from myna_backend.pages.sessions import SignedIn


def confirm_page(who: SignedIn, screen: str, deed: str, about: str, subject: tuple[str, str]) -> Response:
    """Leads to the POST of its own path, or back to the list two steps above. `subject` is a name and a value."""
    path = who.browser.request.url.path
    return page(who.browser, screen, "confirm.html", who=who, deed=deed, about=about, subject=subject, path=path)
