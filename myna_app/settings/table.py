"""The one table of settings: key, kind, default, strictest value, who may set it, and what it means.

Loader, JSON schema, the page of managed settings and the policy templates are made from it; no other file spells a key
as text. The attributes of `Settings` are the keys of the user file, `policy.toml`, the registry policy and, in upper
case behind ``MYNA_APP_``, the environment.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import Enum, Flag, StrEnum, auto, unique
from pathlib import Path
from typing import Annotated, get_type_hints

from myna_app.export.items import NUMBERS, Item
from myna_app.export.oqs_xml import XmlEncoding
from myna_app.export.profiles import DayForm, ProfileName, Separator, Width
from myna_app.flow.states import Standing
from myna_app.formats.facility import FacilityKind
from myna_app.settings.kinds import Address, CertificateFile, Choice, Kind, Moment, Switch, Whole, Words


class Setter(Flag):
    """Whose layer may hold a key. The environment may set what a policy may."""

    USER = auto()
    """A choice on M-22 設定; user file."""
    PROGRAM = auto()
    """What the program remembers by itself; user file."""
    POLICY = auto()
    """Policy file, registry policy, environment."""


_CHOICE = Setter.USER | Setter.POLICY


def _listed(one: str) -> str:
    """A pattern of one or more that match `one`, with commas between."""
    return f"(?:{one})(?: *, *(?:{one}))*"


_FROM_OUTSIDE = Words(200, r"(?s:.+)")
"""Names that others gave, kept as they are."""


class _Default(Enum):
    """Stands for "the same as the default"."""

    SAME = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """What stands beside a field of `Settings`. `strictest` takes effect instead of a value that is not accepted.

    `network`: a fault in a policy stops all use of the network, and frozen programs do not take the value from the
    environment. `ja` and `en` say what the setting does.
    """

    kind: Kind
    setters: Setter
    ja: str
    en: str
    strictest: object = _Default.SAME
    network: bool = False


@unique
class Language(StrEnum):
    JAPANESE = "ja"
    ENGLISH = "en"


@unique
class TextSize(StrEnum):
    STANDARD = "standard"
    LARGE = "large"
    EXTRA_LARGE = "extra_large"


@unique
class Theme(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


@unique
class Motion(StrEnum):
    SYSTEM = "system"
    REDUCED = "reduced"


@unique
class Sound(StrEnum):
    ON = "on"
    ERRORS = "errors"
    OFF = "off"


@unique
class VisitorWord(StrEnum):
    """What the screens call the visitor; `AUTO` follows the kind of office."""

    AUTO = "auto"
    PATIENT = "patient"
    EXAMINEE = "examinee"
    USER = "user"


@unique
class ProxyMode(StrEnum):
    SYSTEM = "system"
    NONE = "none"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Settings:
    """A snapshot of all settings in force."""

    # the way to the backend
    backend_url: Annotated[
        str | None,
        Key(Address(), Setter.POLICY, "接続先（https://…）", "Address of the backend (https://…)", network=True),
    ] = None
    ca_file: Annotated[
        Path | None,
        Key(
            CertificateFile(),
            Setter.POLICY,
            "この認証局だけを信頼する（PEMファイル）。指定するとOSの一覧は使わない",
            "Trust only this authority (PEM file); it replaces the operating system's list",
            network=True,
        ),
    ] = None
    proxy_mode: Annotated[
        ProxyMode, Key(Choice(ProxyMode), _CHOICE, "プロキシの使い方", "How the proxy is chosen", network=True)
    ] = ProxyMode.SYSTEM
    proxy: Annotated[
        str | None,
        Key(
            Address(("http", "https"), path_allowed=False),
            _CHOICE,
            "プロキシ（http://ホスト:ポート）",
            "Proxy (http://host:port)",
            network=True,
        ),
    ] = None
    proxy_user: Annotated[
        str | None, Key(Words(128, r"[!-9;-~]+"), _CHOICE, "プロキシのユーザ名", "User name at the proxy", network=True)
    ] = None

    # times
    idle_lock_minutes: Annotated[
        int,
        Key(
            Whole(1, 60), Setter.POLICY, "操作がないとき画面を閉じるまで（分）", "Lock after idle minutes", strictest=1
        ),
    ] = 10
    result_seconds: Annotated[
        int,
        Key(Whole(30, 300), _CHOICE, "結果を消すまでの時間（秒）", "Seconds until a result is cleared", strictest=30),
    ] = 60
    card_wait_seconds: Annotated[
        int, Key(Whole(30, 120), _CHOICE, "カードを待つ時間（秒）", "Seconds to wait for a card", strictest=30)
    ] = 60
    terminal_id_seconds: Annotated[
        int,
        Key(
            Whole(60, 300),
            Setter.POLICY,
            "端末固有IDを表示しておく時間（秒）",
            "Seconds that the terminal ID is shown",
            strictest=60,
        ),
    ] = 180
    clipboard_seconds: Annotated[
        int,
        Key(
            Whole(30, 120),
            Setter.POLICY,
            "コピーしたものを消すまでの時間（秒）",
            "Seconds until what was copied is taken back",
            strictest=30,
        ),
    ] = 60

    # privacy and features
    clear_on_lift: Annotated[
        bool,
        Key(
            Switch(), _CHOICE, "カードを取ったら結果を消す", "Clear the result when the card is lifted", strictest=True
        ),
    ] = False
    mask_numbers: Annotated[bool, Key(Switch(), _CHOICE, "番号をかくす", "Mask numbers", strictest=True)] = False
    block_capture: Annotated[
        bool, Key(Switch(), Setter.POLICY, "画面の写り込みを防ぐ", "Keep windows out of screen captures")
    ] = True
    allow_photograph: Annotated[
        bool,
        Key(
            Switch(),
            Setter.POLICY,
            "ICチップの顔写真での確認を使えるようにする",
            "Allow the check with the photograph in the chip",
        ),
    ] = False
    allow_copy: Annotated[bool, Key(Switch(), Setter.POLICY, "コピーを許す", "Allow copying", strictest=False)] = True
    allow_xml_drop: Annotated[
        bool,
        Key(
            Switch(), Setter.POLICY, "レセプトコンピュータ用のXMLを書き出す", "Write XML files for the receipt computer"
        ),
    ] = False
    xml_drop_folder: Annotated[
        str | None, Key(Words(260), Setter.POLICY, "XMLを書き出すフォルダ", "Folder of the XML files")
    ] = None
    xml_drop_encoding: Annotated[
        XmlEncoding, Key(Choice(XmlEncoding), Setter.POLICY, "XMLの文字コード", "Encoding of the XML files")
    ] = XmlEncoding.SHIFT_JIS
    copy_profile: Annotated[
        ProfileName, Key(Choice(ProfileName), _CHOICE, "コピーの形", "Copy profile for the receipt computer")
    ] = ProfileName.AS_RECEIVED
    copy_own_items: Annotated[
        str | None,
        Key(
            Words(500, _listed("|".join(Item))),
            Setter.POLICY,
            "施設のコピーの形：項目とその順（はじめの9つが Ctrl+1 から 9）",
            "The office's own copy profile: its items in order (the first nine by Ctrl+1 to 9)",
        ),
    ] = None
    copy_own_days: Annotated[
        DayForm,
        Key(Choice(DayForm), Setter.POLICY, "施設のコピーの形：日付の書き方", "Own copy profile: how days are written"),
    ] = DayForm.COMPACT
    copy_own_width: Annotated[
        Width, Key(Choice(Width), Setter.POLICY, "施設のコピーの形：全角と半角", "Own copy profile: width of letters")
    ] = Width.AS_RECEIVED
    copy_own_digits: Annotated[
        str | None,
        Key(
            Words(200, _listed(f"(?:{'|'.join(sorted(NUMBERS))}):[1-9][0-9]?")),
            Setter.POLICY,
            "施設のコピーの形：この桁数まで左に0をうめる",
            "Own copy profile: numbers filled with zeros to so many digits",
        ),
    ] = None
    copy_own_separator: Annotated[
        Separator,
        Key(
            Choice(Separator),
            Setter.POLICY,
            "施設のコピーの形：全部をコピーするときの区切り",
            "Own copy profile: what stands between values when all are copied",
        ),
    ] = Separator.LABELLED

    # the office
    default_reader_pattern: Annotated[
        str | None,
        Key(
            Words(128),
            Setter.POLICY,
            "はじめに選ぶカードリーダー（* と ? が使える）",
            "Reader chosen at first (* and ?)",
        ),
    ] = None
    default_institution_code: Annotated[
        str | None,
        Key(
            Words(10, r"[0-9]{10}"),
            Setter.POLICY,
            "はじめに入れておく機関コード",
            "Institution code filled in at first",
        ),
    ] = None
    contact: Annotated[str | None, Key(Words(200), Setter.POLICY, "問い合わせ先", "Whom to call")] = None
    visitor_word: Annotated[
        VisitorWord, Key(Choice(VisitorWord), _CHOICE, "来た方の呼び方", "What visitors are called")
    ] = VisitorWord.AUTO
    update_url: Annotated[str | None, Key(Address(), Setter.POLICY, "更新の入手先", "Where updates come from")] = None
    update_key: Annotated[
        str | None,
        Key(
            Words(44, r"[A-Za-z0-9+/]{43}="),
            Setter.POLICY,
            "更新の署名を確かめる公開鍵（Ed25519、base64）",
            "Public key of update manifests (Ed25519, base64)",
        ),
    ] = None

    # appearance
    language: Annotated[Language, Key(Choice(Language), _CHOICE, "言語", "Language")] = Language.JAPANESE
    text_size: Annotated[TextSize, Key(Choice(TextSize), _CHOICE, "文字の大きさ", "Text size")] = TextSize.STANDARD
    theme: Annotated[Theme, Key(Choice(Theme), _CHOICE, "配色", "Colours")] = Theme.SYSTEM
    motion: Annotated[Motion, Key(Choice(Motion), _CHOICE, "動きを減らす", "Reduce motion")] = Motion.SYSTEM
    sound: Annotated[Sound, Key(Choice(Sound), _CHOICE, "音を鳴らす", "Sounds")] = Sound.ON
    shuffle_keypad: Annotated[
        bool,
        Key(Switch(), _CHOICE, "パスコードの数字の並びを入れかえる", "Shuffle the passcode keypad", strictest=True),
    ] = False
    autostart: Annotated[bool, Key(Switch(), _CHOICE, "Windowsの開始時に開く", "Start with Windows")] = False

    # what the program remembers
    reader: Annotated[str | None, Key(_FROM_OUTSIDE, Setter.PROGRAM, "選んだカードリーダー", "Chosen reader")] = None
    terms_version: Annotated[
        str | None, Key(Words(32), Setter.PROGRAM, "同意した利用規約の版", "Version of the terms agreed to")
    ] = None
    terms_agreed_at: Annotated[
        datetime | None, Key(Moment(), Setter.PROGRAM, "同意した時刻", "When they were agreed to")
    ] = None
    facility_name: Annotated[str | None, Key(_FROM_OUTSIDE, Setter.PROGRAM, "施設の名前", "Name of the office")] = None
    institution_code: Annotated[
        str | None, Key(_FROM_OUTSIDE, Setter.PROGRAM, "登録した機関コード", "Institution code of the registration")
    ] = None
    facility_kind: Annotated[
        FacilityKind | None, Key(Choice(FacilityKind), Setter.PROGRAM, "施設の種類", "Kind of the office")
    ] = None
    backend_contact: Annotated[
        str | None,
        Key(_FROM_OUTSIDE, Setter.PROGRAM, "サーバーが伝えた問い合わせ先", "Whom to call, as the backend says"),
    ] = None
    standing: Annotated[
        Standing | None, Key(Choice(Standing), Setter.PROGRAM, "利用できないわけ", "Why the terminal may not work")
    ] = None
    window: Annotated[
        str | None, Key(Words(400, r"[A-Za-z0-9+/=]+"), Setter.PROGRAM, "ウィンドウの位置", "Window geometry")
    ] = None


def _table() -> dict[str, Key]:
    hints = get_type_hints(Settings, include_extras=True)
    rows = {one.name: (hints[one.name].__metadata__[0], one.default) for one in fields(Settings)}
    return {
        name: replace(row, strictest=default) if row.strictest is _Default.SAME else row
        for name, (row, default) in rows.items()
    }


KEYS: dict[str, Key] = _table()
