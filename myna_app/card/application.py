"""Selecting an application of the card, in one place for all session classes."""

from myna_app.apdu.channel import Channel
from myna_app.apdu.command import CommandApdu
from myna_app.apdu.response import unexpected_status
from myna_app.apdu.status import SW
from myna_app.card.spec import Application
from myna_app.errors import Problem, StatusWordError

_SELECT = {application: CommandApdu.select_application(application.value) for application in Application}


def select(channel: Channel, application: Application) -> None:
    """SELECT by the whole AID: a prefix could land in another application.

    Raises `StatusWordError` with CARD_OTHER for any refusal: cards of other kinds, and readers on their behalf,
    refuse with words of every sort. `6F00`, twice, is a card in trouble instead.
    """
    response = channel.send(_SELECT[application])
    if response.ok:
        return
    if response.status_word == SW.INTERNAL:
        raise unexpected_status(response.status_word, f"select {application.name}")
    raise StatusWordError(Problem.CARD_OTHER, response.status_word, f"select {application.name}")
