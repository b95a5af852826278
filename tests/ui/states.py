"""Every screen of the journey in every shape it can take, by name; persons are invented."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType

from myna_app.errors import Problem
from myna_app.flow import State
from myna_app.flow.beside import (
    Agreement,
    Announcement,
    Imprint,
    ProxyForm,
    ReaderTest,
    UpdateStage,
)
from myna_app.flow.photograph import Objection, PhotographCheck, SecurityCodeEntry
from myna_app.flow.report import Report
from myna_app.flow.states import (
    About,
    AccountEntry,
    AccountForm,
    BirthDateEntry,
    BundleScreen,
    Capability,
    Desk,
    DiagnosisScreen,
    FaceCheck,
    Locked,
    LockPurpose,
    ManagedScreen,
    PasscodeChoice,
    PasscodeKept,
    PasscodeRepeat,
    Reader,
    ReaderChoice,
    Reading,
    Reauthentication,
    RecordScreen,
    Registered,
    Result,
    Resumption,
    Screen,
    SettingsScreen,
    Standing,
    Starting,
    Suspended,
    TerminalIdScreen,
    TermsScreen,
    Trouble,
    UpdateScreen,
    VisitStep,
)
from myna_app.flow.work import BirthDateReason
from myna_app.formats.eligibility import (
    ElderlyRecipientCertificate,
    Eligibility,
    LimitApplicationCertificate,
    MedicalTicket,
    Notice,
    Qualification,
    SpecificDiseasesCertificate,
)
from myna_app.formats.facility import Facility, FacilityKind
from myna_app.formats.photograph import decode_photograph
from myna_app.formats.secret import Secret
from myna_app.formats.terms import Terms
from myna_sandbox.pictures import photograph
from tests.ui.side_states import CHECKS, COMPONENTS, MANAGED, OWN_PROXY, PREFERENCES, RECORD, UPDATE

PICTURE = decode_photograph(photograph("states"))
READER = Reader("SONY FeliCa RC-S300/P", card_present=False, capability=Capability.EXTENDED)
MEDICAL = Facility("見本診療所", FacilityKind.MEDICAL)
CARE = Facility("見本居宅介護支援事業所", FacilityKind.CARE)
CONTACT = "見本県国保連合会 000-000-0000"
FRESH = Desk()
DESK = Desk(
    facility=MEDICAL,
    terminal_id="7K3D9QXM2H4TVB83",
    contact=CONTACT,
    readers=(
        READER,
        Reader("ACS ACR39U ICC Reader", capability=Capability.SHORT),
        Reader("Windows Hello for Business 1", usable=False),
    ),
    chosen_reader=READER.name,
    unlocked=True,
)
LOCKED = Desk(facility=MEDICAL, terminal_id="7K3D9QXM2H4TVB83", contact=CONTACT, readers=(READER,))
CARD_LEFT = Desk(
    facility=MEDICAL,
    terminal_id="7K3D9QXM2H4TVB83",
    readers=(Reader(READER.name, card_present=True),),
    chosen_reader=READER.name,
    card_left=True,
    unlocked=True,
)
CARE_DESK = Desk(
    facility=CARE,
    terminal_id="7K3D9QXM2H4TVB83",
    web_service_url="https://care.example/",
    readers=(READER,),
    chosen_reader=READER.name,
    unlocked=True,
)

TERMS = Terms(
    "1.2",
    date(2026, 4, 1),
    "変わったところ：第3条に、端末の移しかえの手続きを加えました。\n\n"
    + "\n\n".join(
        f"第{number}条　この利用規約は、資格確認アプリの使い方と、利用する事業所の責任を定めます。"
        "利用する方は、来られた方の情報を、確認の目的だけに使います。"
        for number in range(1, 12)
    ),
)

QUALIFICATION = Qualification(
    insured_card_classification="01",
    insurer_number="06990014",
    insured_card_symbol="９９０１",
    insured_identification_number="１２３",
    insured_branch_number="00",
    personal_family_classification="1",
    name="架空　一郎",
    name_kana="ｶｸｳ ｲﾁﾛｳ",
    sex1="1",
    birthdate="19850412",
    qualification_date="20150401",
    insurer_name="架空健康保険組合",
)
LONG = Qualification(
    insured_card_classification="05",
    insurer_number="39990049",
    insured_card_symbol="記号のとても長い組合の記号です１２３４",
    insured_identification_number="１２３４５６７８９０１２３４５６７８９０",
    insured_branch_number="03",
    personal_family_classification="2",
    name="寿限無寿限無五劫のすりきれ海砂利水魚の　水行末雲来末風来末食う寝る処に住む長助髙",
    name_kana="ｼﾞｭｹﾞﾑｼﾞｭｹﾞﾑｺﾞｺｳﾉｽﾘｷﾚｶｲｼﾞｬﾘｽｲｷﾞｮﾉ ｽｲｷﾞｮｳﾏﾂｳﾝﾗｲﾏﾂﾌｳﾗｲﾏﾂｸｳﾈﾙﾄｺﾛﾆｽﾑﾁｮｳｽｹ",
    name_of_other="Ａｌｅｘａｎｄｅｒ　Ｖａｎ　Ｄｅｒ　Ｂｅｒｇ　ｔｈｅ　Ｌｏｎｇｅｓｔ",
    sex1="3",
    birthdate="19450401",
    insurer_name="見本県架空市例示町全国架空産業従事者健康保険組合連合会東日本統括本部架空支部見本事業所（退職者）",
    insured_card_expiration_date="20270731",
    qualification_date="20150401",
    insured_partial_contribution_ratio="010",
    preschool_classification="1",
    reference_number="0000123456",
    limit_application_certificate_related_info=LimitApplicationCertificate(
        "02", "B05", None, "20260801", "20270731", None
    ),
    specific_diseases_certificate_list=(SpecificDiseasesCertificate("1", None, "20260801", "20270731", "10000"),),
    public_expense_result_list=(MedicalTicket("01", "20261101", "20261130", "202611", "02"),),
)
EVERYTHING = replace(
    QUALIFICATION,
    birthdate="19540412",
    insured_name="架空　一郎",
    insured_card_valid_date="20260801",
    insured_card_expiration_date="20270731",
    post_number="000-0001",
    address="見本県架空市例示町一丁目２番３号　見本マンション１０１号室",
    elderly_recipient_certificate_info=ElderlyRecipientCertificate("20260801", "20260801", "20270731", "020"),
    limit_application_certificate_related_info=LimitApplicationCertificate(
        "01", "A01", None, "20260901", "20270731", None
    ),
)
"""With all that can be copied."""
LOST = Qualification(
    insured_card_classification="01",
    name="喪失　次郎",
    sex1="1",
    birthdate="19791224",
    disqualification_date="20261001",
    reason_of_loss="99",
    insurer_name="架空健康保険組合",
)
EARLIER = replace(
    QUALIFICATION,
    insurer_number="01990027",
    insured_card_symbol="99000002",
    insured_identification_number="8",
    qualification_date="20110401",
    disqualification_date="20150331",
    reason_of_loss="03",
    insurer_name="全国架空健康保険協会　見本支部",
)
"""What the person of `QUALIFICATION` had before."""
TWIN = Qualification(
    insured_card_classification="01",
    insurer_number="990036",
    insured_card_symbol="見本３",
    insured_identification_number="０００４５６",
    insured_branch_number="02",
    name="双子　あおい●",
    name_kana="ﾌﾀｺﾞ ｱｵｲ",
    sex1="2",
    birthdate="20120606",
    insurer_name="見本県架空市（国民健康保険）",
)


IMPRINT = Imprint(date(2026, 11, 20), Agreement("1.2", datetime(2026, 4, 1, 0, 30, tzinfo=UTC), TERMS.text), COMPONENTS)


def answer(verdict: int | None, *results: Qualification, **more: object) -> Eligibility:
    base = {"notices": (), "superseded": None, **more}
    return Eligibility(
        verdict=verdict,
        identity_confirmed=True,
        card_proven=True,
        confirmed_at=datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC),
        results=results,
        **base,  # type: ignore[arg-type] # a table of cases, each with its own few members
    )


RESULTS: Mapping[str, State] = MappingProxyType(
    {
        "valid": State(Result(answer(1, QUALIFICATION)), DESK),
        "valid_long": State(
            Result(
                answer(
                    1,
                    LONG,
                    notices=(Notice("certificate_ends_soon", "20270203"), Notice("certificate_in_grace", "20270131")),
                )
            ),
            CARD_LEFT,
        ),
        "invalid": State(Result(answer(2, LOST)), DESK),
        "invalid_bare": State(Result(answer(2)), DESK),
        "superseded": State(Result(answer(3, QUALIFICATION, superseded=EARLIER)), DESK),
        "not_found": State(Result(answer(4)), DESK),
        "multiple": State(Result(answer(5, QUALIFICATION, TWIN)), DESK),
        "unregistered": State(
            Result(
                answer(
                    6,
                    Qualification(
                        insured_card_classification="A1",
                        insurer_number="12990065",
                        insured_identification_number="9990011",
                        name="保護　四郎",
                        sex1="1",
                        birthdate="19670211",
                        insurer_name="見本県架空市福祉事務所",
                    ),
                )
            ),
            DESK,
        ),
        "care": State(Result(answer(None)), CARE_DESK),
    }
)


def trouble(problem: Problem, *, desk: Desk = DESK, origin: Screen | None = None, **facts: str | int) -> State:
    home = Resumption(FaceCheck())
    return State(Trouble(Report(problem, "SW 6A82", facts), origin or Reading(), home, home), desk)


SCREENS: Mapping[str, State] = MappingProxyType(
    {
        "M-00": State(Starting(), FRESH),
        "M-01_loading": State(TermsScreen(), FRESH),
        "M-01": State(TermsScreen(TERMS), FRESH),
        "M-01_changed": State(TermsScreen(TERMS, changed=True), DESK),
        "M-01_keeping": State(TermsScreen(TERMS, keeping=True), FRESH),
        "M-02": State(AccountEntry(), FRESH),
        "M-02_refused": State(
            AccountEntry(AccountForm("9919910019", "W0000001"), {"institution_code": "pattern", "password": "length"}),
            FRESH,
        ),
        "M-02_sending": State(AccountEntry(AccountForm("9919910019", "W0000001"), sending=True), FRESH),
        "M-03": State(Registered(), LOCKED),
        "M-04": State(PasscodeChoice(), LOCKED),
        "M-04_weak": State(PasscodeChoice("same_digits"), LOCKED),
        "M-04_change": State(PasscodeChoice(changing=True), DESK),
        "M-05": State(PasscodeRepeat(Secret("2580")), LOCKED),
        "M-06": State(Locked(), LOCKED),
        "M-06_wrong": State(Locked(wrong=True, tries_left=3), LOCKED),
        "M-06_waiting": State(Locked(wrong=True, wait_seconds=300), LOCKED),
        "M-06_change": State(Locked(purpose=LockPurpose.CHANGE), DESK),
        "M-06_release": State(Locked(purpose=LockPurpose.RELEASE), DESK),
        "M-06_password": State(Locked(password_needed=True), LOCKED),
        "M-07": State(PasscodeKept(), LOCKED),
        "M-07_changed": State(PasscodeKept(changed=True), DESK),
        "M-08": State(Reauthentication(), LOCKED),
        "M-08_wrong": State(Reauthentication(error="wrong"), LOCKED),
        "M-09_stopped": State(Suspended(Standing.STOPPED), DESK),
        "M-09_ended": State(Suspended(Standing.ENDED), DESK),
        "M-09_not_started": State(Suspended(Standing.NOT_STARTED, {"service_starts_on": "2026-12-01"}), DESK),
        "M-10": State(FaceCheck(), DESK),
        "M-10_update": State(FaceCheck(), replace(DESK, update=UPDATE)),
        "M-10_update_by": State(
            FaceCheck(),
            replace(DESK, update_by=date(2026, 12, 1), announcements=(Announcement("点検", "夜に止まります。"),)),
        ),
        "M-10_no_reader": State(FaceCheck(), Desk(chosen_reader="SONY FeliCa RC-S300/P", unlocked=True)),
        "M-10_card_left": State(FaceCheck(remind=True), CARD_LEFT),
        "M-11": State(ReaderChoice(), DESK),
        "M-11_empty": State(ReaderChoice(), Desk(unlocked=True)),
        **{f"M-11_{test.value}": State(ReaderChoice(test), DESK) for test in ReaderTest},
        "M-11_service": State(ReaderChoice(), Desk(unlocked=True, service_running=False)),
        **{f"M-12_{step.name.lower()}": State(Reading(step), DESK) for step in VisitStep},
        **{f"M-13_{name}": state for name, state in RESULTS.items()},
        **{f"M-15_{reason.value}": State(BirthDateEntry(reason), DESK) for reason in BirthDateReason},
        "M-16": State(SecurityCodeEntry(answer(1, QUALIFICATION)), DESK),
        **{f"M-16_{one}": State(SecurityCodeEntry(answer(1, QUALIFICATION), one), DESK) for one in Objection},
        "M-17": State(PhotographCheck(answer(1, QUALIFICATION), PICTURE), DESK),
        "M-21": State(TerminalIdScreen(), DESK),
        "M-21_care": State(TerminalIdScreen(), CARE_DESK),
        "M-22": State(SettingsScreen(FaceCheck(), PREFERENCES), DESK),
        "M-22_proxy": State(
            SettingsScreen(FaceCheck(), OWN_PROXY, ProxyForm("http://proxy.example:8080", "desk")), DESK
        ),
        "M-22_unregistered": State(SettingsScreen(AccountEntry(), PREFERENCES), FRESH),
        "M-23": State(About(FaceCheck(), IMPRINT), DESK),
        "M-24_running": State(DiagnosisScreen(FaceCheck(), CHECKS[:2]), DESK),
        "M-24": State(DiagnosisScreen(FaceCheck(), CHECKS, done=True), DESK),
        **{f"M-25_{stage.value}": State(UpdateScreen(FaceCheck(), stage, UPDATE, 0.4), DESK) for stage in UpdateStage},
        "M-26": State(RecordScreen(FaceCheck(), RECORD), DESK),
        "M-27": State(ManagedScreen(FaceCheck(), MANAGED), DESK),
        "M-27_none": State(ManagedScreen(FaceCheck(), ()), DESK),
        "M-28": State(BundleScreen(FaceCheck(), "# support bundle\nversion 0.1.0\n" * 20), DESK),
    }
)

PROBLEMS: Mapping[str, State] = MappingProxyType({f"M-14_{problem.value}": trouble(problem) for problem in Problem})
