"""The pages beside the reception (M-22, M-24, M-26 … M-28): opened from the menu, and back to where they were."""

from dataclasses import replace

from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow.beside import SidePage, UpdateStage
from myna_app.flow.mending import mending
from myna_app.flow.states import (
    VISITING,
    About,
    BundleScreen,
    Desk,
    DiagnosisScreen,
    FaceCheck,
    Locked,
    LockPurpose,
    ManagedScreen,
    RecordScreen,
    Result,
    Screen,
    SettingsScreen,
    Starting,
    State,
    Suspended,
    TermsScreen,
    Trouble,
    UpdateScreen,
)
from myna_app.flow.work import (
    AwaitBackend,
    BringUpdate,
    Examine,
    FetchTerms,
    KeepConsent,
    KeepPreference,
    KeepProxy,
    LookForReaders,
    LookForUpdate,
    MakeBundle,
    ReadLock,
    ReadManaged,
    ReadPreferences,
    ReadRecord,
    ReleaseTerminal,
    ResetPreferences,
    SaveFile,
    StartUpdate,
    Work,
)

SIDE_SCREENS = SettingsScreen | DiagnosisScreen | UpdateScreen | RecordScreen | ManagedScreen | BundleScreen
ALWAYS_OPEN = frozenset({SidePage.DIAGNOSIS, SidePage.UPDATE, SidePage.BUNDLE})
"""What helps where nothing works; these pages hold nothing of the office that a passer-by should not read."""


def may_open(state: State, page: SidePage) -> bool:
    """Before a registration there is nothing to guard, and its way may need a proxy: settings are open then."""
    nothing_to_guard = page is SidePage.SETTINGS and state.desk.terminal_id is None
    return (state.desk.unlocked or page in ALWAYS_OPEN or nothing_to_guard) and not is_busy(state)


def open_page(state: State, page: SidePage) -> State:
    """The page, if it may be opened here and nothing is under way that must come to its end."""
    if not may_open(state, page):
        return state
    back = way_back(state.screen)
    screen: Screen
    work: Work
    match page:
        case SidePage.SETTINGS:
            screen, work = SettingsScreen(back), ReadPreferences()
        case SidePage.DIAGNOSIS:
            screen, work = DiagnosisScreen(back), Examine()
        case SidePage.UPDATE:
            screen, work = UpdateScreen(back), LookForUpdate(asked=True)
        case SidePage.RECORD:
            screen, work = RecordScreen(back), ReadRecord()
        case SidePage.MANAGED:
            screen, work = ManagedScreen(back), ReadManaged()
        case SidePage.BUNDLE:
            screen, work = BundleScreen(back), MakeBundle()
    return State(screen, state.desk, work)


def is_busy(state: State) -> bool:
    """Whether work is under way whose answer would be missed: registering, keeping a passcode, releasing."""
    may_be_dropped = isinstance(state.work, AwaitBackend | LookForReaders) or isinstance(
        state.screen, FaceCheck | VISITING | Result | TermsScreen | Suspended | SIDE_SCREENS | About
    )
    return (
        isinstance(state.screen, Starting)
        or isinstance(state.work, ReleaseTerminal | KeepConsent)
        or (state.work is not None and not may_be_dropped)
    )


def way_back(screen: Screen) -> Screen:
    """Nothing of a visitor waits behind a page; a page beside leads back to where the first one was opened."""
    match screen:
        case screen if isinstance(screen, VISITING | Result):
            return FaceCheck()
        case (
            SettingsScreen(back)
            | DiagnosisScreen(back)
            | UpdateScreen(back)
            | RecordScreen(back)
            | ManagedScreen(back)
            | BundleScreen(back)
            | About(back)
        ):
            return back
        case Suspended():
            return replace(screen, checking=False)
        case _:
            return screen


def side(state: State, event: ev.Event) -> State:
    """Events of these pages."""
    desk = state.desk
    match state.screen, event:
        case UpdateScreen() as screen, event if isinstance(event, se.UpdateWanted | se.UpdateReached | ev.Retried):
            return _update(state, screen, event)
        case UpdateScreen(back, UpdateStage.OFFERED), ev.Back():
            return go_back(replace(desk, update=None), back)
        case screen, ev.Confirmed() | ev.Back() | ev.Cleared() if isinstance(screen, SIDE_SCREENS):
            return go_back(desk, screen.back)
        case (DiagnosisScreen() | RecordScreen() | BundleScreen()) as screen, se.SaveAsked(file, text):
            return replace(state, screen=replace(screen, saved=None), work=SaveFile(file, text))
        case (DiagnosisScreen() | RecordScreen() | BundleScreen()) as screen, se.FileSaved(saved):
            return State(replace(screen, saved=saved), desk)
        case SettingsScreen(back), se.PreferencesRead(preferences, proxy):
            return State(SettingsScreen(back, preferences, proxy), desk)
        case SettingsScreen() as screen, ev.FieldsRefused(errors):
            return State(replace(screen, errors=errors), desk)
        case SettingsScreen(), se.ProxyTyped(form):
            return replace(state, work=KeepProxy(form))
        case SettingsScreen(), se.PasscodeChangeAsked() if desk.unlocked:
            return State(Locked(purpose=LockPurpose.CHANGE), desk, ReadLock())
        case SettingsScreen(), se.PreferenceChosen(name, value):
            return replace(state, work=KeepPreference(name, value))
        case SettingsScreen(), se.PreferencesReset():
            return replace(state, work=ResetPreferences())
        case SettingsScreen(), se.ReleaseAsked() if desk.unlocked:
            return State(Locked(purpose=LockPurpose.RELEASE), desk, ReadLock())
        case RecordScreen() as screen, se.RecordRead(record):
            return State(replace(screen, record=record), desk)
        case ManagedScreen() as screen, se.ManagedRead(rows):
            return State(replace(screen, rows=rows), desk)
        case DiagnosisScreen() as screen, se.CheckMade(check):
            return replace(state, screen=replace(screen, checks=(*screen.checks, check)))
        case DiagnosisScreen() as screen, se.ExaminationDone():
            return State(replace(screen, done=True), desk)
        case DiagnosisScreen(back), ev.Retried():
            return State(DiagnosisScreen(back), desk, Examine())
        case BundleScreen() as screen, se.BundleMade(text):
            return State(replace(screen, text=text), desk)
        case _:
            return state


def _update(state: State, screen: UpdateScreen, event: se.UpdateWanted | se.UpdateReached | ev.Retried) -> State:
    desk = state.desk
    match event:
        case se.UpdateWanted() if screen.update is not None and screen.stage is UpdateStage.OFFERED:
            return State(replace(screen, stage=UpdateStage.BRINGING), desk, BringUpdate(screen.update))
        case se.UpdateReached(UpdateStage.BRINGING, _update, part):
            return replace(state, screen=replace(screen, part=part))
        case se.UpdateReached(UpdateStage.BROUGHT) if screen.update is not None:
            return State(replace(screen, stage=UpdateStage.BROUGHT), desk, StartUpdate(screen.update))
        case se.UpdateReached(UpdateStage.OFFERED | UpdateStage.NEWEST as stage, update):
            return State(replace(screen, stage=stage, update=update), replace(desk, update=update))
        case se.UpdateReached(stage):
            return State(replace(screen, stage=stage), desk)
        case ev.Retried() if state.work is None:
            return State(UpdateScreen(screen.back), desk, LookForUpdate(asked=True))
        case _:
            return state


def go_back(desk: Desk, back: Screen) -> State:
    """Waits of a lock went on meanwhile and are read anew; terms that had not come are fetched again, and the end of a
    problem is waited for again."""
    match back:
        case Locked():
            return State(back, desk, ReadLock())
        case TermsScreen(terms=None):
            return State(back, desk, FetchTerms())
        case Trouble():
            return State(back, desk, mending(back))
        case _:
            return State(back, desk)
