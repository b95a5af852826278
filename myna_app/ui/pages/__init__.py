"""One file a screen; this table says which page shows which screen of the journey."""

from collections.abc import Iterator, Mapping
from pkgutil import resolve_name
from types import MappingProxyType
from typing import Any, cast

from myna_app.flow import photograph, states
from myna_app.ui.pages.base import Page

_PLACES = MappingProxyType(
    {
        states.Starting: "m00_starting:StartingPage",
        states.TermsScreen: "m01_terms:TermsPage",
        states.AccountEntry: "m02_account:AccountPage",
        states.Registered: "m03_registered:RegisteredPage",
        states.PasscodeChoice: "m04_passcode:ChoicePage",
        states.PasscodeRepeat: "m04_passcode:RepeatPage",
        states.PasscodeKept: "m03_registered:PasscodeKeptPage",
        states.Locked: "m06_locked:LockedPage",
        states.Reauthentication: "m08_reauthentication:ReauthenticationPage",
        states.Suspended: "m09_suspended:SuspendedPage",
        states.FaceCheck: "m10_face_check:FaceCheckPage",
        states.ReaderChoice: "m11_readers:ReaderChoicePage",
        states.Reading: "m12_reading:ReadingPage",
        states.BirthDateEntry: "m15_birth_date:BirthDatePage",
        photograph.SecurityCodeEntry: "m16_photograph:SecurityCodePage",
        photograph.PhotographCheck: "m16_photograph:PhotographPage",
        states.Result: "m13_result:ResultPage",
        states.Trouble: "m14_trouble:TroublePage",
        states.TerminalIdScreen: "m21_terminal_id:TerminalIdPage",
        states.SettingsScreen: "m22_settings:SettingsPage",
        states.About: "m23_about:AboutPage",
        states.DiagnosisScreen: "m24_diagnosis:DiagnosisPage",
        states.UpdateScreen: "m25_update:UpdatePage",
        states.RecordScreen: "m26_record:RecordPage",
        states.ManagedScreen: "m27_managed:ManagedPage",
        states.BundleScreen: "m28_bundle:BundlePage",
    }
)


class _Pages(Mapping[type, type[Page[Any]]]):
    """Each page's file is imported when the page is first wanted: start-up pays for the screens it shows."""

    def __getitem__(self, screen: type) -> type[Page[Any]]:
        return cast(type[Page[Any]], resolve_name(f"{__name__}.{_PLACES[screen]}"))

    def __iter__(self) -> Iterator[type]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


PAGES: Mapping[type, type[Page[Any]]] = _Pages()
"""Every member of `Screen` stands here (a test compares)."""
