"""The three card applications, driven through recorded conversations."""

from datetime import date

import pytest

from myna_app.apdu.channel import Channel, ExtendedLength
from myna_app.card.common import CommonSession
from myna_app.card.jpki import JpkiSession
from myna_app.card.surface import KeyAnswer, KeyOutcome, SurfaceSession
from myna_app.errors import AppError, CardDataError, CardError, CardRemovedError, Problem, ReaderError, StatusWordError
from tests.card_script import ScriptedCard

CERTIFICATE = bytes.fromhex("308202D7") + bytes(range(256)) * 2 + bytes(215)
SELECT_JPKI = "> 00A4040C0A D392F000260100000001\n < 9000\n"
SELECT_SURFACE = "> 00A4040C0A D3921000310001010402\n < 9000\n"
SELECT_COMMON = "> 00A4040C0A D3921000310001010100\n < 9000\n"
SIGNATURE = bytes(range(256))


def read_certificate(script: str, extended: ExtendedLength = ExtendedLength.UNKNOWN, **parts: bytes) -> bytes:
    card = ScriptedCard(SELECT_JPKI + script, certificate=CERTIFICATE, **parts)
    try:
        return JpkiSession(Channel(card, extended)).read_authentication_certificate()
    finally:
        card.assert_finished()


def test_the_certificate_takes_one_command_and_loses_its_filler() -> None:
    assert read_certificate("> 00B08A00000000\n < {certificate} FFFF 9000") == CERTIFICATE


@pytest.mark.parametrize("status_word", ["6A82", "6A81", "6D00", "6E00", "6700", "6999", "6300"])
def test_a_card_that_refuses_the_application_is_another_card(status_word: str) -> None:
    card = ScriptedCard(f"> 00A4040C0A D392F000260100000001\n < {status_word}")
    with pytest.raises(StatusWordError) as caught:
        JpkiSession(Channel(card))
    assert (caught.value.problem, caught.value.status_word) == (Problem.CARD_OTHER, int(status_word, 16))


def test_a_card_in_trouble_is_not_called_another_card() -> None:
    card = ScriptedCard("> 00A4040C0A D392F000260100000001\n < 6F00\n > 00A4040C0A D392F000260100000001\n < 6F00")
    with pytest.raises(StatusWordError) as caught:
        JpkiSession(Channel(card))
    assert caught.value.problem is Problem.CARD_TALK_FAILED


@pytest.mark.parametrize("label", [b"JPKIAPGPSETOKEN", b"JPKIAPIOSTOKEN"])
def test_a_phone_is_known_by_its_label_when_the_certificate_cannot_be_read(label: bytes) -> None:
    with pytest.raises(CardError) as caught:
        read_certificate(
            "> 00B08A00000000\n < 6982\n > 00B0860020\n < {label} 9000",
            label=label.ljust(32),
        )
    assert caught.value.problem is Problem.CARD_PHONE


@pytest.mark.parametrize("first_answer", ["< 6A82", "< 6982", "< 9000\n > 00B0000008\n < 9000", "< FFFF FFFF 9000"])
def test_a_card_without_the_certificate_says_so_in_0008(first_answer: str) -> None:
    with pytest.raises(CardError) as caught:
        read_certificate(
            f"> 00B08A00000000\n {first_answer}\n > 00B0860020\n < {{label}} 9000\n > 00B0880003\n < 8F0000 9000",
            label=b"JPKIAPICCTOKEN2".ljust(32),
        )
    assert caught.value.problem is Problem.CERTIFICATE_MISSING


def test_a_damaged_certificate_of_a_card_that_has_one_is_a_failed_read() -> None:
    with pytest.raises(CardDataError) as caught:
        read_certificate(
            "> 00B08A00000000\n < 0102AABB 9000\n > 00B0860020\n < {label} 9000\n > 00B0880003\n < 8F8F00 9000",
            label=b"JPKIAPICCTOKEN2".ljust(32),
        )
    assert caught.value.problem is Problem.CARD_TALK_FAILED


def test_a_damaged_card_that_answers_6f00_to_everything_is_a_failed_read() -> None:
    every = [("00B08A00000000", 2), ("00B08A0000", 2), ("00B0860020", 2), ("00B0880003", 2)]
    with pytest.raises(StatusWordError) as caught:
        read_certificate("\n".join(f"> {command}\n < 6F00" for command, times in every for _ in range(times)))
    assert caught.value.problem is Problem.CARD_TALK_FAILED


@pytest.mark.parametrize(
    "refused",
    [
        "> 00B08A00000000\n ! 80100016\n > 00B08A0000\n ! 80100016\n" + SELECT_JPKI,
        "> 00B08A00000000\n ! 80100016\n > 00B08A0000\n < 6700",
        "> 00B08A00000000\n < 6700\n > 00B08A0000\n < 6700",
    ],
)
def test_a_reader_that_passes_neither_form_of_read_is_unsuitable(refused: str) -> None:
    with pytest.raises(ReaderError) as caught:
        read_certificate(refused)
    assert caught.value.problem is Problem.READER_UNSUITABLE


def test_a_card_lifted_unnoticed_is_not_blamed_on_the_reader() -> None:
    with pytest.raises(CardRemovedError):
        read_certificate(
            """
            > 00B08A00000000
            ! 80100016
            > 00B08A0000
            ! 80100016
            > 00A4040C0A D392F000260100000001
            ! 80100069
            """
        )


def test_a_failure_in_the_middle_of_short_reads_is_a_failed_read() -> None:
    with pytest.raises(CardError) as caught:
        read_certificate(
            "> 00B08A0000\n < {first} 9000\n > 00B0010000\n ! 8010002F",
            ExtendedLength.SHORT_ONLY,
            first=CERTIFICATE[:256],
        )
    assert caught.value.problem is Problem.CARD_TALK_FAILED


def test_the_card_signs_a_digest_made_here_over_the_message() -> None:
    card = ScriptedCard(
        SELECT_SURFACE
        + """
        # SHA-256("abc"), FIPS 180-4
        > 802A0000 33 3031300D060960864801650304020105000420
          BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD 00
        < {signature} 9000
        """.replace("0420\n          BA78", "0420 BA78"),
        signature=SIGNATURE,
    )
    assert SurfaceSession(Channel(card)).sign_message(b"abc") == SIGNATURE


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("< 6982", StatusWordError),
        ("< 6C00", StatusWordError),
        ("< AABB 9000", CardDataError),
        ("! 80100016", CardError),
    ],
)
def test_a_signature_that_fails_is_not_asked_for_again(answer: str, error: type[AppError]) -> None:
    sign = bytes.fromhex("802A0000333031300D060960864801650304020105000420")
    digest = bytes.fromhex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")
    card = ScriptedCard(SELECT_SURFACE + f"> {{sign}}\n {answer}", sign=sign + digest + b"\0")
    with pytest.raises(error):
        SurfaceSession(Channel(card)).sign_message(b"abc")
    card.assert_finished()


def verify(script: str, *, key: str = "550217", staff_typed_it: bool = False) -> KeyAnswer:
    card = ScriptedCard(SELECT_SURFACE + script)
    try:
        return SurfaceSession(Channel(card)).verify_birth_date(key, staff_typed_it=staff_typed_it)
    finally:
        card.assert_finished()


def test_the_key_follows_its_counter_and_opens_the_record() -> None:
    answer = verify("> 00200091\n < 63CA\n > 0020009106 353530323137\n < 9000")
    assert answer == KeyAnswer(KeyOutcome.ACCEPTED, 0x9000, None)


def test_a_refused_key_says_how_many_tries_are_left() -> None:
    answer = verify("> 00200091\n < 63CA\n > 0020009106 353530323137\n < 63C9")
    assert answer == KeyAnswer(KeyOutcome.REFUSED, 0x63C9, 9)


@pytest.mark.parametrize(
    ("failure", "problem"),
    [
        ("! 80100069", Problem.CARD_REMOVED),
        ("! 80100016", Problem.CARD_TALK_FAILED),
        ("! 80100013", Problem.SERVICE_STOPPED),
        ("<", Problem.CARD_TALK_FAILED),
    ],
)
def test_a_key_that_was_sent_and_not_answered_is_told_by_what_happened(failure: str, problem: Problem) -> None:
    with pytest.raises(AppError) as caught:
        verify(f"> 00200091\n < 63CA\n > 0020009106 353530323137\n {failure}")
    assert caught.value.problem is problem


@pytest.mark.parametrize("status_word", ["6F00", "6300", "6985", "6984"])
def test_any_answer_to_the_key_but_9000_is_a_refusal(status_word: str) -> None:
    answer = verify(f"> 00200091\n < 63CA\n > 0020009106 353530323137\n < {status_word}")
    assert answer == KeyAnswer(KeyOutcome.REFUSED, int(status_word, 16), None)


@pytest.mark.parametrize(
    ("counter", "outcome", "tries_left"),
    [
        ("63C4", KeyOutcome.SPARED, 4),
        ("63C1", KeyOutcome.SPARED, 1),
        ("63C0", KeyOutcome.LOCKED, 0),
        ("6984", KeyOutcome.LOCKED, None),
        ("6983", KeyOutcome.LOCKED, None),
        ("9000", KeyOutcome.STATE_LEFT, None),
    ],
)
def test_without_room_the_key_is_never_sent(counter: str, outcome: KeyOutcome, tries_left: int | None) -> None:
    assert verify(f"> 00200091\n < {counter}") == KeyAnswer(outcome, int(counter, 16), tries_left)


def test_four_tries_are_enough_when_staff_typed_the_printed_date() -> None:
    answer = verify("> 00200091\n < 63C4\n > 0020009106 353530323137\n < 9000", staff_typed_it=True)
    assert answer.outcome is KeyOutcome.ACCEPTED


def test_a_card_that_does_not_know_the_short_id_is_asked_by_file() -> None:
    answer = verify(
        """
        > 00200091
        < 6A88
        > 00A4020C020011
        < 9000
        > 00200080
        < 63C5
        > 0020009106 353530323137
        < 9000
        """
    )
    assert answer.outcome is KeyOutcome.ACCEPTED


@pytest.mark.parametrize(
    "script",
    [
        "> 00200091\n < 6A88\n > 00A4020C020011\n < 6A82",
        "> 00200091\n < 6300\n > 00A4020C020011\n < 9000\n > 00200080\n < 6300",
    ],
)
def test_a_card_that_tells_no_counter_is_left_alone(script: str) -> None:
    assert verify(script, staff_typed_it=True).outcome is KeyOutcome.SPARED


@pytest.mark.parametrize("key", ["", "55021", "5502177", "551317", "550231", "５５０２１７", "55021A"])
def test_what_is_no_birth_date_key_is_refused_before_the_card_is_asked_anything(key: str) -> None:
    with pytest.raises(ValueError, match="not a birth-date key"):
        verify("", key=key)


def verify_number_b(script: str, number: str = "55021720352285") -> KeyAnswer:
    card = ScriptedCard(SELECT_SURFACE + script)
    try:
        return SurfaceSession(Channel(card)).verify_card_number_b(number)
    finally:
        card.assert_finished()


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("> 00200092\n < 63CA\n > 002000920E {number}\n < 9000", KeyAnswer(KeyOutcome.ACCEPTED, 0x9000, None)),
        ("> 00200092\n < 63C5\n > 002000920E {number}\n < 63C4", KeyAnswer(KeyOutcome.REFUSED, 0x63C4, 4)),
        ("> 00200092\n < 63C4", KeyAnswer(KeyOutcome.SPARED, 0x63C4, 4)),
        ("> 00200092\n < 6984", KeyAnswer(KeyOutcome.LOCKED, 0x6984, None)),
        ("> 00200092\n < 9000", KeyAnswer(KeyOutcome.STATE_LEFT, 0x9000, None)),
        ("> 00200092\n < 6A88", KeyAnswer(KeyOutcome.SPARED, 0x6A88, None)),
    ],
)
def test_the_number_b_is_sent_only_with_five_tries_left(script: str, answer: KeyAnswer) -> None:
    assert verify_number_b(script.replace("{number}", b"55021720352285".hex())) == answer


@pytest.mark.parametrize("number", ["", "5502172035228", "55023120352285", "55021719352285", "５５021720352285"])
def test_what_is_no_number_b_is_refused_before_the_card_is_asked_anything(number: str) -> None:
    with pytest.raises(ValueError, match="not a number B"):
        verify_number_b("", number)


def test_a_damaged_card_face_is_a_card_error() -> None:
    card = ScriptedCard(SELECT_SURFACE + "> 00B08200000000\n < FF2003DF2100 9000")
    with pytest.raises(CardDataError):
        SurfaceSession(Channel(card)).read_card_face()


def test_record_and_issuer_certificate_take_one_command_each() -> None:
    record, issuer = bytes.fromhex("FF1082021E") + bytes(542), bytes.fromhex("7F21820233") + bytes(563)
    card = ScriptedCard(
        SELECT_SURFACE + "> 00B08100000000\n < {record} 9000\n > 00B08400000000\n < {issuer} 9000",
        record=record,
        issuer=issuer,
    )
    session = SurfaceSession(Channel(card))
    assert session.read_birth_date_record() == record
    assert session.read_issuer_certificate() == issuer


def test_the_counter_alone_can_be_asked_for() -> None:
    assert SurfaceSession(Channel(ScriptedCard(SELECT_SURFACE + "> 00200091\n < 63CA"))).tries_left() == 10


def test_the_card_record_tells_when_the_card_expires() -> None:
    card = ScriptedCard(
        SELECT_COMMON + "> 00B2010C00\n < 011C {digits} 9000",
        digits=b"4000000127198431322120350217",
    )
    assert CommonSession(Channel(card)).read_card_record().expires_on == date(2035, 2, 17)


@pytest.mark.parametrize("answer", ["< 6A83", "< 011C 00 9000", "< 9000"])
def test_a_card_record_that_cannot_be_used_is_a_card_error(answer: str) -> None:
    with pytest.raises(CardError):
        CommonSession(Channel(ScriptedCard(SELECT_COMMON + f"> 00B2010C00\n {answer}"))).read_card_record()
