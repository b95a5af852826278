"""What the journey can stand at: one frozen class a screen, and the desk they all stand on.

A screen holds what it shows and nothing else; its 画面番号 stands in the docstring. `State.work` names what has to be
done meanwhile; the runner does it and answers with an event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum, unique
from types import MappingProxyType

from myna_app.flow.beside import (
    NO_PROXY,
    Announcement,
    Check,
    HandOver,
    Imprint,
    ManagedRow,
    Preference,
    ProxyForm,
    ReaderTest,
    Record,
    Update,
    UpdateStage,
)
from myna_app.flow.photograph import PhotographCheck, SecurityCodeEntry
from myna_app.flow.report import Report
from myna_app.flow.work import BirthDateReason, Work
from myna_app.formats.eligibility import Eligibility
from myna_app.formats.facility import Facility
from myna_app.formats.secret import NOTHING, Secret
from myna_app.formats.terms import Terms


@unique
class Capability(Enum):
    """Whether reader and driver pass extended APDUs, as far as known."""

    UNKNOWN = "unknown"
    EXTENDED = "extended"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Reader:
    """A PC/SC reader as the screens show it."""

    name: str
    card_present: bool = False
    usable: bool = True
    """False for readers that can never read this card, such as Windows Hello's."""
    capability: Capability = Capability.UNKNOWN


@unique
class Standing(StrEnum):
    """Why a registered terminal may not work today."""

    STOPPED = "stopped"
    ENDED = "ended"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class Desk:
    """What every screen may need: the office, the terminal, the readers. Nothing of a visitor."""

    facility: Facility | None = None
    terminal_id: str | None = None
    user_id: str | None = None
    """The account that this PC is registered with."""
    institution_code: str | None = None
    """機関コード of that registration."""
    contact: str | None = None
    web_service_url: str | None = None
    readers: tuple[Reader, ...] = ()
    service_running: bool = True
    chosen_reader: str | None = None
    reader_pattern: str | None = None
    """An administrator's: the first reader of such a name (* and ?) is chosen until somebody chooses."""
    card_left: bool = False
    """The card of a finished visit still lies on the reader."""
    unlocked: bool = False
    standing: Standing | None = None
    """As the backend last said; kept over restarts until it says otherwise."""
    update: Update | None = None
    """A newer version that can be had; nobody has put it off."""
    update_by: date | None = None
    """From this day on the backend serves newer versions alone."""
    announcements: tuple[Announcement, ...] = ()

    @property
    def reader(self) -> Reader | None:
        """The chosen reader, if it is connected."""
        return next((reader for reader in self.readers if reader.name == self.chosen_reader), None)


@dataclass(frozen=True, slots=True)
class AccountForm:
    """What was typed into M-02; kept over a refusal, except the password."""

    institution_code: str = ""
    user_id: str = ""
    password: Secret = NOTHING
    activation_code: Secret = NOTHING


@unique
class VisitStep(Enum):
    """1/4 … 4/4 of M-12."""

    PLACE = 1
    READ = 2
    PROVE = 3
    ELIGIBILITY = 4


# --- screens ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Starting:
    """Nothing to see yet: what was kept is being read."""


@dataclass(frozen=True, slots=True)
class TermsScreen:
    """M-01 利用規約. `terms` is None while they are fetched; `changed` when consent was given before."""

    terms: Terms | None = None
    changed: bool = False
    keeping: bool = False


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """M-02 アカウント情報の入力. `errors` maps a field of the form to what is wrong; `sending` while registering."""

    form: AccountForm = AccountForm()
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sending: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """M-03 登録完了."""


@dataclass(frozen=True, slots=True)
class PasscodeChoice:
    """M-04 パスコードの登録. `objection` is why the last one was not taken: ``weak_*``, ``mismatch``; `changing` when
    there is one already, which was asked before."""

    objection: str | None = None
    changing: bool = False


@dataclass(frozen=True, slots=True)
class PasscodeRepeat:
    """M-05 パスコードの確認."""

    passcode: Secret
    keeping: bool = False
    changing: bool = False


@dataclass(frozen=True, slots=True)
class PasscodeKept:
    """M-07 パスコードの登録完了."""

    changed: bool = False


@unique
class LockPurpose(Enum):
    """What the passcode is asked for; at an open desk whoever asks must know it too."""

    OPEN = "open"
    CHANGE = "change"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Locked:
    """M-06 パスコード入力. `tries_left` before the next wait, after a wrong one; `wait_seconds` while waiting;
    `password_needed` once only the account password opens it; `purpose`: what it is asked for."""

    wrong: bool = False
    tries_left: int | None = None
    wait_seconds: int = 0
    password_needed: bool = False
    checking: bool = False
    purpose: LockPurpose = LockPurpose.OPEN


@dataclass(frozen=True, slots=True)
class Reauthentication:
    """M-08 本人確認（再認証）: the account password, to choose a new passcode."""

    error: str | None = None
    sending: bool = False


@dataclass(frozen=True, slots=True)
class Suspended:
    """M-09 利用停止, also before 運用開始日. Whom to call stands in the desk."""

    standing: Standing
    facts: Mapping[str, str | int] = field(default_factory=lambda: MappingProxyType({}))
    checking: bool = False


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """M-10 認証選択（目視), the home screen. `remind`: 「次へ」 was pressed while the last card still lies there."""

    remind: bool = False


@dataclass(frozen=True, slots=True)
class ReaderChoice:
    """M-11 カードリーダー選択. `test`: how far 「テストする」 has come; `searching` after 「もう一度さがす」."""

    test: ReaderTest | None = None
    searching: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """M-12 マイナンバーカードの読み取り."""

    step: VisitStep = VisitStep.PLACE


@dataclass(frozen=True, slots=True)
class BirthDateEntry:
    """M-15 生年月日の入力: a visit waits for the birth date printed on the card."""

    reason: BirthDateReason


@dataclass(frozen=True, slots=True)
class Result:
    """M-13 読み取り結果. `handed_over`: the file for the receipt computer; None where none is wanted."""

    eligibility: Eligibility
    handed_over: HandOver | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """M-14 エラー. `origin`: where it happened; the main button goes on with `again`, the second with `leave`."""

    report: Report
    origin: "Screen"
    again: "Resumption"
    leave: "Resumption"


@dataclass(frozen=True, slots=True)
class TerminalIdScreen:
    """M-21 端末固有IDの表示."""


@dataclass(frozen=True, slots=True)
class About:
    """M-23 バージョン情報・規約. `back` is where it was opened from; the imprint comes a moment later."""

    back: "Screen"
    imprint: Imprint | None = None


@dataclass(frozen=True, slots=True)
class SettingsScreen:
    """M-22 設定. `errors` maps a field of the proxy to what is wrong."""

    back: "Screen"
    preferences: tuple[Preference, ...] = ()
    proxy: ProxyForm = NO_PROXY
    errors: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class DiagnosisScreen:
    """M-24 診断. `checks` grow as they are made; `saved` is whether the last report could be written."""

    back: "Screen"
    checks: tuple[Check, ...] = ()
    done: bool = False
    saved: bool | None = None


@dataclass(frozen=True, slots=True)
class UpdateScreen:
    """M-25 更新. `part` of `update` (0–1) has been brought."""

    back: "Screen"
    stage: UpdateStage = UpdateStage.LOOKING
    update: Update | None = None
    part: float = 0.0


@dataclass(frozen=True, slots=True)
class RecordScreen:
    """M-26 記録. `saved` is whether the last CSV could be written."""

    back: "Screen"
    record: Record | None = None
    saved: bool | None = None


@dataclass(frozen=True, slots=True)
class ManagedScreen:
    """M-27 管理された設定."""

    back: "Screen"
    rows: tuple[ManagedRow, ...] | None = None


@dataclass(frozen=True, slots=True)
class BundleScreen:
    """M-28 サポート用ファイル: its whole text, to be read before it is saved."""

    back: "Screen"
    text: str | None = None
    saved: bool | None = None


Screen = (
    Starting
    | TermsScreen
    | AccountEntry
    | Registered
    | PasscodeChoice
    | PasscodeRepeat
    | PasscodeKept
    | Locked
    | Reauthentication
    | Suspended
    | FaceCheck
    | ReaderChoice
    | Reading
    | BirthDateEntry
    | SecurityCodeEntry
    | PhotographCheck
    | Result
    | Trouble
    | TerminalIdScreen
    | About
    | SettingsScreen
    | DiagnosisScreen
    | UpdateScreen
    | RecordScreen
    | ManagedScreen
    | BundleScreen
)

VISITING = Reading | BirthDateEntry | SecurityCodeEntry | PhotographCheck
"""A visit is under way; leaving one of these drops it."""


@dataclass(frozen=True, slots=True)
class Resumption:
    """A screen to go on with, and the work it needs."""

    screen: Screen
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Where the journey stands. The runner starts `work` when it differs from the state before, and drops the answer of
    work that the state no longer names."""

    screen: Screen = Starting()
    desk: Desk = Desk()
    work: Work | None = None
    mended: bool = False
    """A problem has just ended by itself, and this is where it is gone on; to be said once."""
