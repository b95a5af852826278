"""練習: a desk that is set up already, so that a trainee begins where a day begins, at the passcode."""

from threading import Event
from types import MappingProxyType

from myna_app.duties import Duties
from myna_app.flow import events as ev
from myna_app.flow import work as wk
from myna_app.flow.states import AccountForm
from myna_app.formats.secret import Secret
from myna_app.settings.table import Language
from myna_sandbox.world import READER_NAME, World

PASSCODE = "4826"
BADGE = MappingProxyType(
    {
        Language.JAPANESE: "練習（架空の人物・本物の確認ではありません）",
        Language.ENGLISH: "Practice (invented persons, no real checks)",
    }
)


def prepare(world: World) -> None:
    """Agree, register with the first account, set the passcode, choose the reader. Raises `AppError`."""
    duties = Duties(world.parts)
    account = world.accounts[0]

    def do(work: wk.Work) -> ev.Event | None:
        return duties.do(work, lambda _event: None, Event())

    terms = do(wk.FetchTerms())
    if isinstance(terms, ev.TermsFetched):
        do(wk.KeepConsent(terms.terms))
    do(
        wk.Register(
            AccountForm(
                account.institution_code, account.user_id, Secret(account.password), Secret(account.activation_code)
            )
        )
    )
    do(wk.KeepPasscode(Secret(PASSCODE)))
    do(wk.KeepReader(READER_NAME))
