"""The allow-list: what a visit sends passes, in its place only; what must never be sent never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from myna_app.card.spec import AllowList, ForbiddenApduError

JPKI = "00A4040C0AD392F000260100000001"
SURFACE = "00A4040C0AD3921000310001010402"
COMMON = "00A4040C0AD3921000310001010100"
TEXT = "00A4040C0AD3921000310001010408"
JUKI = "00A4040C0AD3921000310001010401"
SIGN = "802A0000333031300D060960864801650304020105000420" + "AB" * 32 + "00"
TRIES = "00200091"
VERIFY = "0020009106363030343132"
ISSUER_CERTIFICATE = "00B08400000000"
TRIES_B = "00200092"
NUMBER_B = "002000920E" + b"55021720352285".hex()
RETYPED = "002000920E" + b"55021720352286".hex()


def after(*exchanges: str) -> AllowList:
    """An allow-list that saw these exchanges, each ``command>status`` (9000 when left out)."""
    allow_list = AllowList()
    for exchange in exchanges:
        command, _, status_word = exchange.partition(">")
        allow_list.check(bytes.fromhex(command))
        allow_list.answered(int(status_word or "9000", 16))
    return allow_list


FIRST_VISIT = [
    JPKI,
    "00B08A00000000",
    SURFACE,
    SIGN,
    ISSUER_CERTIFICATE,
    SURFACE,
    f"{TRIES}>63CA",
    VERIFY,
    "00B08100000000",
]


def test_a_first_visit_passes() -> None:
    assert after(*FIRST_VISIT).verify_sent


@pytest.mark.parametrize(
    "exchanges",
    [
        [JPKI, "00B08A0000", "00B0010000", "00B00200D7"],  # reader without extended APDUs
        [JPKI, "00B08A00000000>6700", "00B08A0000", "00B0010010"],
        [JPKI, "00B08A0000>6110", "00C0000010"],
        [f"{JPKI}>6F00", JPKI],
        [JPKI, "00B0860020", "00B0880003"],
        [COMMON, "00B2010C00", "00B2010C1E"],
        [SURFACE, f"{TRIES}>6A88", "00A4020C020011", "00200080>63CA", VERIFY],
        [COMMON, "00B2010C00", SURFACE, f"{TRIES_B}>63CA", NUMBER_B, "00B08200000000"],  # the photograph
        [SURFACE, f"{TRIES_B}>63C6", f"{NUMBER_B}>63C5", f"{TRIES_B}>63C5", RETYPED, "00B0820000", "00B0010000"],
    ],
)
def test_what_is_needed_on_failure_passes_too(exchanges: list[str]) -> None:
    after(*exchanges)


NEVER = [
    TEXT,
    JUKI,
    "00A4040C09D39210003100010104",  # a prefix
    "00A4040007A0000001510000",
    "00A40000",
    "00A4020C020001",
    "00A4020C020005",
    "00A4020C020012",
    "00A4020C020013",
    "00B0850000",
    "00B08500000000",
    "00B0810100000000",
    "0020009206363030343132",
    "002000930C353337363836363737313838",  # 照合番号A
    "00200093",
    "0020009210" + "30" * 16,
    "0020009104363030",
    "0020009106363031343132",  # month 14
    "002000910C363030343132363030343132",
    "00200081",
    "002000910030",
    "00840000 10",
    "80A206C100",
    "0024018004313233 34",
    "8032008004313233 34",
    "802A0080 33" + SIGN[10:],
    "802A0200 20" + "AB" * 32 + "00",
    "802A000020" + "AB" * 32 + "00",
    SIGN[:-2],
    SIGN + "00",
    "00CA004500",
    "00880000 10" + "00" * 16 + "00",
    "00C0000010",
    "",
    "00",
]


@pytest.mark.parametrize("command", NEVER)
@pytest.mark.parametrize(
    "selected", [[], [JPKI], [SURFACE], [SURFACE, "00B0840000"], [SURFACE, f"{TRIES}>63CA"], [COMMON]]
)
def test_what_must_never_be_sent_is_stopped_in_every_state(selected: list[str], command: str) -> None:
    with pytest.raises(ForbiddenApduError):
        after(*selected, command)


@pytest.mark.parametrize(
    ("exchanges", "command"),
    [
        ([], "00B08A00000000"),
        ([], SIGN),
        ([], TRIES),
        ([f"{SURFACE}>6A82"], SIGN),
        ([JPKI], "00B0810000"),
        ([JPKI], SIGN),
        ([JPKI], TRIES),
        ([JPKI], "00B0010000"),  # no current file
        ([JPKI, "00B08A0000>6A82"], "00B0010000"),
        ([SURFACE], "00B08A00000000"),
        ([SURFACE], "00B2010C00"),
        ([SURFACE], "00200080"),
        ([SURFACE, "00A4020C020011"], "00B0000000"),
        ([SURFACE], VERIFY),  # counter not read
        ([SURFACE, f"{TRIES}>63C1"], VERIFY),
        ([SURFACE, f"{TRIES}>63C0"], VERIFY),
        ([SURFACE, f"{TRIES}>6984"], VERIFY),
        ([SURFACE, f"{TRIES}>9000"], VERIFY),
        ([SURFACE, f"{TRIES}>6300"], VERIFY),
        ([SURFACE, f"{TRIES}>63CA", SIGN], VERIFY),  # something between counter and key
        ([SURFACE, f"{TRIES}>63CA", f"{VERIFY}>63C9", f"{TRIES}>63C9"], VERIFY),  # a second try
        ([SURFACE, f"{TRIES}>63CA", f"{VERIFY}>6110"], "00C0000010"),
        ([SURFACE], NUMBER_B),  # counter not read
        ([SURFACE, f"{TRIES}>63CA"], NUMBER_B),  # of another reference
        ([SURFACE, f"{TRIES_B}>63CA"], VERIFY),
        ([SURFACE, f"{TRIES_B}>63C4"], NUMBER_B),
        ([SURFACE, f"{TRIES_B}>63CA"], "002000920E" + b"55133120352285".hex()),  # month 13
        ([SURFACE, f"{TRIES_B}>63CA"], "002000920E" + b"55021719352285".hex()),  # the year of no card
        ([SURFACE, f"{TRIES_B}>63CA"], "002000930C" + b"537686677188".hex()),
        ([SURFACE, f"{TRIES_B}>63CA", f"{NUMBER_B}>63C9", f"{TRIES_B}>63C9"], NUMBER_B),  # the same digits again
        (
            [SURFACE, f"{TRIES_B}>63CA", f"{NUMBER_B}>63C9", f"{TRIES_B}>63C9", f"{RETYPED}>63C8", f"{TRIES_B}>63C8"],
            "002000920E" + b"55021720350000".hex(),
        ),
        ([JPKI], TRIES_B),
        ([COMMON], NUMBER_B),
        ([COMMON], "00B2020C00"),
        ([COMMON], "00B0810000"),
    ],
)
def test_a_command_in_the_wrong_place_is_stopped(exchanges: list[str], command: str) -> None:
    with pytest.raises(ForbiddenApduError):
        after(*exchanges, command)


def test_a_failed_select_leaves_no_application_to_talk_to() -> None:
    allow_list = after(JPKI)
    allow_list.check(bytes.fromhex(SURFACE))  # a transport error: no answer
    with pytest.raises(ForbiddenApduError):
        allow_list.check(bytes.fromhex(SIGN))


def test_after_another_program_may_have_come_between_an_application_is_selected_first() -> None:
    allow_list = after(JPKI)
    allow_list.forget_selection()
    with pytest.raises(ForbiddenApduError):
        allow_list.check(bytes.fromhex("00B08A00000000"))


def test_only_the_file_that_tells_an_open_session_may_be_read_before_that() -> None:
    allow_list = after(JPKI, SURFACE)
    allow_list.forget_selection()
    allow_list.check(bytes.fromhex(ISSUER_CERTIFICATE))
    for command in ("00B08100000000", TRIES, SIGN, "00B08500000000"):
        with pytest.raises(ForbiddenApduError):
            allow_list.check(bytes.fromhex(command))


@pytest.mark.parametrize("before", [[], [JPKI], [SURFACE, JPKI], [COMMON]])
def test_where_the_surface_application_was_not_left_selected_no_session_is_asked_for(before: list[str]) -> None:
    allow_list = after(*before)
    allow_list.forget_selection()
    with pytest.raises(ForbiddenApduError):
        allow_list.check(bytes.fromhex(ISSUER_CERTIFICATE))


def test_a_verify_is_spent_even_when_it_was_never_answered() -> None:
    allow_list = after(SURFACE, f"{TRIES}>63CA")
    allow_list.check(bytes.fromhex(VERIFY))
    allow_list.forget_selection()
    with pytest.raises(ForbiddenApduError):
        for command, status_word in ((SURFACE, 0x9000), (TRIES, 0x63CA), (VERIFY, 0x9000)):
            allow_list.check(bytes.fromhex(command))
            allow_list.answered(status_word)


def test_the_refusal_shows_no_body() -> None:
    with pytest.raises(ForbiddenApduError) as caught:
        AllowList().check(bytes.fromhex(VERIFY))
    assert str(caught.value) == "00 20 00 91"


@given(st.lists(st.tuples(st.binary(max_size=60), st.integers(0, 0xFFFF)), max_size=4))
def test_random_bytes_never_pass_unless_they_are_a_listed_command(exchanges: list[tuple[bytes, int]]) -> None:
    allow_list = after(SURFACE)
    for command, status_word in exchanges:
        try:
            allow_list.check(command)
        except ForbiddenApduError:
            continue
        assert command[:4].hex() in ("00200091", "00200092", "00a4040c", "00a4020c") or command[1] in (0xB0, 0xC0)
        allow_list.answered(status_word)
