"""One file a screen; this table says which page shows which screen of the journey."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from myna_app.flow import photograph, states
from myna_app.ui.pages.base import Page
from myna_app.ui.pages.m00_starting import StartingPage
from myna_app.ui.pages.m01_terms import TermsPage
from myna_app.ui.pages.m02_account import AccountPage
from myna_app.ui.pages.m03_registered import PasscodeKeptPage, RegisteredPage
from myna_app.ui.pages.m04_passcode import ChoicePage, RepeatPage
from myna_app.ui.pages.m06_locked import LockedPage
from myna_app.ui.pages.m08_reauthentication import ReauthenticationPage
from myna_app.ui.pages.m09_suspended import SuspendedPage
from myna_app.ui.pages.m10_face_check import FaceCheckPage
from myna_app.ui.pages.m11_readers import ReaderChoicePage
from myna_app.ui.pages.m12_reading import ReadingPage
from myna_app.ui.pages.m13_result import ResultPage
from myna_app.ui.pages.m14_trouble import TroublePage
from myna_app.ui.pages.m15_birth_date import BirthDatePage
from myna_app.ui.pages.m16_photograph import PhotographPage, SecurityCodePage
from myna_app.ui.pages.m21_terminal_id import TerminalIdPage
from myna_app.ui.pages.m22_settings import SettingsPage
from myna_app.ui.pages.m23_about import AboutPage
from myna_app.ui.pages.m24_diagnosis import DiagnosisPage
from myna_app.ui.pages.m25_update import UpdatePage
from myna_app.ui.pages.m26_record import RecordPage
from myna_app.ui.pages.m27_managed import ManagedPage
from myna_app.ui.pages.m28_bundle import BundlePage

PAGES: Mapping[type, type[Page[Any]]] = MappingProxyType(
    {
        states.Starting: StartingPage,
        states.TermsScreen: TermsPage,
        states.AccountEntry: AccountPage,
        states.Registered: RegisteredPage,
        states.PasscodeChoice: ChoicePage,
        states.PasscodeRepeat: RepeatPage,
        states.PasscodeKept: PasscodeKeptPage,
        states.Locked: LockedPage,
        states.Reauthentication: ReauthenticationPage,
        states.Suspended: SuspendedPage,
        states.FaceCheck: FaceCheckPage,
        states.ReaderChoice: ReaderChoicePage,
        states.Reading: ReadingPage,
        states.BirthDateEntry: BirthDatePage,
        photograph.SecurityCodeEntry: SecurityCodePage,
        photograph.PhotographCheck: PhotographPage,
        states.Result: ResultPage,
        states.Trouble: TroublePage,
        states.TerminalIdScreen: TerminalIdPage,
        states.SettingsScreen: SettingsPage,
        states.About: AboutPage,
        states.DiagnosisScreen: DiagnosisPage,
        states.UpdateScreen: UpdatePage,
        states.RecordScreen: RecordPage,
        states.ManagedScreen: ManagedPage,
        states.BundleScreen: BundlePage,
    }
)
"""Every member of `Screen` stands here (a test compares)."""
