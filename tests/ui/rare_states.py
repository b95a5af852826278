"""States that a screen is seldom in: something under way, nothing to show, very much to show, names of any length."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import HandOver, ManagedRow, ProxyForm, Record
from myna_app.flow.states import (
    BundleScreen,
    Capability,
    DiagnosisScreen,
    FaceCheck,
    Locked,
    ManagedScreen,
    PasscodeRepeat,
    Reader,
    ReaderChoice,
    Reauthentication,
    RecordScreen,
    Result,
    SettingsScreen,
    Standing,
    Suspended,
)
from myna_app.formats.facility import FacilityKind
from myna_app.formats.secret import Secret
from myna_app.settings.table import KEYS
from myna_backend.accounts import IssuedAccount
from myna_backend.demo import user_settings_text
from tests.ui.side_states import CHECKS, OWN_PROXY
from tests.ui.states import CARE_DESK, DESK, LOCKED, LONG, QUALIFICATION, TWIN, answer, trouble

MANY_READERS = replace(
    DESK,
    readers=(
        *DESK.readers,
        Reader("Generic Smart Card Reader Interface [USB2.0-CRW] (20070818000000000) 01 00"),
        *(Reader(f"Alcor Micro USB Smart Card Reader {n}", capability=Capability.EXTENDED) for n in range(4)),
    ),
)
LONG_NAMES = replace(
    DESK,
    chosen_reader="Generic Smart Card Reader Interface [USB2.0-CRW] (20070818000000000) 01 00",
    contact="見本県国民健康保険団体連合会　事業推進部　資格確認支援センター（平日9時から17時） 000-000-0000",
)
SHEET = user_settings_text(
    IssuedAccount("見本診療所", FacilityKind.MEDICAL, "9919910019", "W7654321", "Aa1!~", "123456789012")
)
"""ユーザー設定情報 as the application site shows it."""

RARE: Mapping[str, State] = MappingProxyType(
    {
        "M-05_keeping": State(PasscodeRepeat(Secret("2580"), keeping=True), LOCKED),
        "M-06_checking": State(Locked(checking=True), LOCKED),
        "M-08_sending": State(Reauthentication(sending=True), LOCKED),
        "M-09_checking": State(Suspended(Standing.STOPPED, checking=True), DESK),
        "M-09_long_contact": State(Suspended(Standing.STOPPED), LONG_NAMES),
        "M-10_long_reader": State(FaceCheck(), LONG_NAMES),
        "M-10_not_chosen": State(FaceCheck(), replace(DESK, chosen_reader=None)),
        "M-10_service": State(FaceCheck(), replace(DESK, service_running=False, readers=())),
        "M-11_many": State(ReaderChoice(), MANY_READERS),
        **{f"M-13_{told.value}": State(Result(answer(1, QUALIFICATION), told), DESK) for told in HandOver},
        "M-13_multiple_long": State(Result(answer(5, LONG, TWIN, QUALIFICATION)), DESK),
        "M-14_care": replace(trouble(Problem.CERTIFICATE_EXPIRED), desk=CARE_DESK),
        "M-14_long_contact": replace(trouble(Problem.ACCOUNT_STOPPED), desk=LONG_NAMES),
        "M-22_proxy_refused": State(
            SettingsScreen(FaceCheck(), OWN_PROXY, ProxyForm("proxy example", "desk"), {"proxy": "form"}), DESK
        ),
        "M-24_saved": State(DiagnosisScreen(FaceCheck(), CHECKS, done=True, saved=True), DESK),
        "M-26_none": State(RecordScreen(FaceCheck(), Record()), DESK),
        "M-27_all": State(ManagedScreen(FaceCheck(), tuple(ManagedRow(key, "value", "policy") for key in KEYS)), DESK),
        "M-28_making": State(BundleScreen(FaceCheck()), DESK),
    }
)
