"""The connection: transactions, the allow-list in force, power down at the end, what is remembered of the reader."""

from threading import Event, Timer

import pytest

from myna_app.apdu.channel import ExtendedLength
from myna_app.apdu.command import CommandApdu
from myna_app.card.capability import Capability, CapabilityMemory, Source, ask_reader
from myna_app.card.connection import connected, others_let_go
from myna_app.card.jpki import JpkiSession
from myna_app.card.pcsc_errors import ScardCode
from myna_app.card.spec import ForbiddenApduError
from myna_app.card.surface import KeyOutcome, SurfaceSession, issuer_certificate_of_open_session
from myna_app.errors import CardError, CardRemovedError, CardResetError, Problem, ReaderError
from tests.card.fake_pcsc import FakePcsc
from tests.card_script import ScriptedCard

READER = "ACS ACR1252 PICC 00 00"
SELECT_JPKI = "> 00A4040C0A D392F000260100000001\n < 9000\n"
SELECT_SURFACE = "> 00A4040C0A D3921000310001010402\n < 9000\n"
CERTIFICATE = bytes.fromhex("308202D7") + bytes(727)
RECORD = bytes.fromhex("FF1082021E") + bytes(542)
ISSUER = bytes.fromhex("7F21820233") + bytes(563)
SHA256_ABC = bytes.fromhex("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")


def test_a_first_visit_takes_nine_apdus_in_two_transactions_and_ends_without_power() -> None:
    card = ScriptedCard(
        """
        > 00A4040C0A D392F000260100000001                                       # 1 SELECT JPKI
        < 9000
        > 00B08A00000000                                                        # 2 READ certificate
        < {certificate} 9000
        > 00A4040C0A D3921000310001010402                                       # 3 SELECT 券面事項確認AP
        < 9000
        > 802A0000 33 3031300D060960864801650304020105000420 {digest} 00        # 4 SIGN
        < {signature} 9000
        > 00B08400000000                                                        # 5 READ issuer certificate
        < {issuer} 9000
        > 00A4040C0A D3921000310001010402                                       # 6 SELECT again
        < 9000
        > 00200091                                                              # 7 tries left
        < 63CA
        > 00200091 06 353530323137                                              # 8 VERIFY
        < 9000
        > 00B08100000000                                                        # 9 READ birth-date record
        < {record} 9000
        """,
        certificate=CERTIFICATE,
        digest=SHA256_ABC,
        signature=bytes(256),
        record=RECORD,
        issuer=ISSUER,
    )
    api = FakePcsc(card)
    with connected(api, READER, CapabilityMemory()) as connection:
        with connection.transaction() as channel:
            assert JpkiSession(channel).read_authentication_certificate() == CERTIFICATE
            assert SurfaceSession(channel).sign_message(b"abc") == bytes(256)
        assert (connection.apdus, connection.verify_sent) == (4, False)  # all a returning card needs
        with connection.transaction() as channel:
            assert issuer_certificate_of_open_session(channel) == ISSUER
            surface = SurfaceSession(channel)
            assert surface.verify_birth_date("550217", staff_typed_it=False).outcome is KeyOutcome.ACCEPTED
            assert surface.read_birth_date_record() == RECORD
        assert (connection.apdus, connection.verify_sent) == (9, True)
    assert api.calls == [f"connect {READER} SHARED", "begin", "end LEAVE", "begin", "end LEAVE", "disconnect UNPOWER"]
    assert api.open_contexts == 0
    card.assert_finished()


def test_nothing_can_be_sent_outside_a_transaction() -> None:
    api = FakePcsc(ScriptedCard(SELECT_JPKI))
    with connected(api, READER, CapabilityMemory()) as connection:
        with connection.transaction() as channel:
            pass
        with pytest.raises(RuntimeError, match="outside"):
            channel.send(CommandApdu.select_application(bytes.fromhex("D392F000260100000001")))


def test_a_command_off_the_allow_list_never_reaches_the_reader() -> None:
    card = ScriptedCard(SELECT_SURFACE)
    with connected(FakePcsc(card), READER, CapabilityMemory()) as connection, connection.transaction() as channel:
        SurfaceSession(channel)
        with pytest.raises(ForbiddenApduError):
            channel.send(CommandApdu.select_file(0x0005))
    card.assert_finished()


def test_a_second_transaction_must_select_again() -> None:
    with connected(FakePcsc(ScriptedCard(SELECT_JPKI)), READER, CapabilityMemory()) as connection:
        with connection.transaction() as channel:
            JpkiSession(channel)
        with connection.transaction() as channel, pytest.raises(ForbiddenApduError):
            channel.read_object(0x0A)


def test_a_lifted_card_ends_everything_and_leaves_nothing_open() -> None:
    api = FakePcsc(ScriptedCard("> 00A4040C0A D392F000260100000001\n ! 80100069"))
    with (
        pytest.raises(CardRemovedError),
        connected(api, READER, CapabilityMemory()) as connection,
        connection.transaction() as channel,
    ):
        JpkiSession(channel)
    assert api.calls[-2:] == ["end LEAVE", "disconnect UNPOWER"]
    assert api.open_contexts == 0


def test_no_card_is_a_removed_card_and_leaves_nothing_open() -> None:
    api = FakePcsc()
    with pytest.raises(CardRemovedError), connected(api, READER, CapabilityMemory()):
        pass
    assert api.open_contexts == 0


FAILED_SELECT = "> 00A4040C0A D392F000260100000001\n ! 80100016"


def test_a_card_that_is_missed_only_after_the_exchange_failed_was_removed() -> None:
    api = FakePcsc(ScriptedCard(FAILED_SELECT))
    api.plug(READER)
    api.put_card(READER)
    lifting = Timer(0, api.lift_card, [READER])
    with (
        pytest.raises(CardRemovedError) as caught,
        connected(api, READER, CapabilityMemory()) as connection,
        connection.transaction() as channel,
    ):
        lifting.start()
        JpkiSession(channel)
    assert caught.value.problem is Problem.CARD_REMOVED
    lifting.join()


def test_an_exchange_that_failed_with_its_reader_gone_is_a_lost_reader() -> None:
    api = FakePcsc(ScriptedCard(FAILED_SELECT))
    api.waits = False
    with (
        pytest.raises(ReaderError) as caught,
        connected(api, READER, CapabilityMemory()) as connection,
        connection.transaction() as channel,
    ):
        JpkiSession(channel)
    assert caught.value.problem is Problem.READER_LOST


def test_an_exchange_that_failed_with_the_card_still_there_is_just_that() -> None:
    api = FakePcsc(ScriptedCard(FAILED_SELECT))
    api.waits = False
    api.plug(READER)
    api.put_card(READER)
    with (
        pytest.raises(CardError) as caught,
        connected(api, READER, CapabilityMemory()) as connection,
        connection.transaction() as channel,
    ):
        JpkiSession(channel)
    assert caught.value.problem is Problem.CARD_TALK_FAILED


def test_a_card_other_programs_keep_is_given_up_and_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("myna_app.card.connection._OTHERS_MAY_TAKE_SECONDS", 0.01)
    api = FakePcsc(ScriptedCard(""))
    api.others_let_go.clear()
    with pytest.raises(ReaderError) as caught, connected(api, READER, CapabilityMemory()):
        pass
    assert caught.value.problem is Problem.READER_IN_USE
    assert api.open_contexts == 1  # PC/SC still blocks every call with it
    api.others_let_go.set()
    api.wait_until_released()
    assert api.calls[1:] == ["begin", "disconnect LEAVE"]


def test_a_card_taken_by_others_between_two_transactions_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("myna_app.card.connection._OTHERS_MAY_TAKE_SECONDS", 0.01)
    api = FakePcsc(ScriptedCard(""))
    with pytest.raises(ReaderError) as caught, connected(api, READER, CapabilityMemory()) as connection:
        with connection.transaction():
            api.others_let_go.clear()
        with connection.transaction():
            pass
    assert caught.value.problem is Problem.READER_IN_USE
    api.others_let_go.set()
    api.wait_until_released()
    assert api.calls[-2:] == ["begin", "disconnect LEAVE"]


def test_a_connect_that_others_hold_up_is_given_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("myna_app.card.connection._OTHERS_MAY_TAKE_SECONDS", 0.01)
    api = FakePcsc(ScriptedCard(""))
    api.others_block_connect = True
    api.others_let_go.clear()
    with pytest.raises(ReaderError) as caught, connected(api, READER, CapabilityMemory()):
        pass
    assert caught.value.problem is Problem.READER_IN_USE
    api.others_let_go.set()
    api.wait_until_released()


def test_others_are_waited_for_until_the_card_can_be_had_and_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("myna_app.card.connection._ASK_AGAIN_SECONDS", 0.0)
    api = FakePcsc(ScriptedCard(""))
    api.connect_errors = [ScardCode.E_SHARING_VIOLATION, ScardCode.E_SHARING_VIOLATION]
    assert others_let_go(api, READER, Event())
    assert api.calls == [f"connect {READER} SHARED"] * 3 + ["begin", "disconnect LEAVE"]
    assert api.open_contexts == 0


def test_others_are_waited_for_no_longer_once_it_is_cancelled_or_the_card_is_gone() -> None:
    cancelled = Event()
    cancelled.set()
    assert not others_let_go(FakePcsc(), READER, cancelled)
    assert others_let_go(FakePcsc(), READER, Event()), "no card lies there: nobody keeps it"


def test_a_stopped_service_is_a_reader_error() -> None:
    api = FakePcsc()
    api.stop_service(ScardCode.P_SHUTDOWN)
    with pytest.raises(ReaderError), connected(api, READER, CapabilityMemory()):
        pass


def test_a_reset_by_another_program_between_two_transactions_is_told() -> None:
    api = FakePcsc(ScriptedCard(SELECT_JPKI))
    with connected(api, READER, CapabilityMemory()) as connection:
        with connection.transaction() as channel:
            JpkiSession(channel)
        api.begin_errors = [ScardCode.W_RESET_CARD]
        with pytest.raises(CardResetError), connection.transaction():
            pass
    assert api.calls[-3:] == ["end LEAVE", "begin", "disconnect UNPOWER"]


def test_a_key_that_was_sent_cannot_be_sent_again_in_a_later_transaction() -> None:
    once = "> 00200091\n < 63CA\n > 00200091 06 353530323137\n < 63C9\n"
    card = ScriptedCard(SELECT_SURFACE + once + SELECT_SURFACE + "> 00200091\n < 63C9")
    with connected(FakePcsc(card), READER, CapabilityMemory()) as connection:
        with connection.transaction() as channel:
            SurfaceSession(channel).verify_birth_date("550217", staff_typed_it=False)
        with connection.transaction() as channel:
            surface = SurfaceSession(channel)
            with pytest.raises(ForbiddenApduError):
                surface.verify_birth_date("550217", staff_typed_it=False)
    card.assert_finished()


def read_once(card: ScriptedCard, memory: CapabilityMemory, properties: str = "") -> None:
    api = FakePcsc(card)
    api.properties = bytes.fromhex(properties)
    with connected(api, READER, memory) as connection, connection.transaction() as channel:
        JpkiSession(channel).read_authentication_certificate()
    card.assert_finished()


EXTENDED_READ = "> 00B08A00000000\n < {certificate} 9000"
SHORT_READ = """
    > 00B08A0000
    < {first} 9000
    > 00B0010000
    < {second} 9000
    > 00B00200DB
    < {third} 9000
"""
PIECES = {"first": CERTIFICATE[:256], "second": CERTIFICATE[256:512], "third": CERTIFICATE[512:]}


def test_what_reading_found_out_is_remembered_for_the_reader() -> None:
    memory = CapabilityMemory()
    read_once(ScriptedCard(SELECT_JPKI + "> 00B08A00000000\n ! 80100008" + SHORT_READ, **PIECES), memory)
    assert memory.of(READER) == Capability(ExtendedLength.SHORT_ONLY, Source.READ)
    read_once(ScriptedCard(SELECT_JPKI + SHORT_READ, **PIECES), memory)
    assert memory.of("another reader") == Capability()


def test_a_reader_that_declares_short_apdus_only_is_not_tried_with_extended_ones() -> None:
    memory = CapabilityMemory()
    read_once(ScriptedCard(SELECT_JPKI + SHORT_READ, **PIECES), memory, "0A0400000000")
    assert memory.of(READER) == Capability(ExtendedLength.SHORT_ONLY, Source.DECLARED)


def test_reading_decides_over_a_declaration_that_promised_too_much() -> None:
    memory = CapabilityMemory()
    card = ScriptedCard(SELECT_JPKI + "> 00B08A00000000\n < 6700" + SHORT_READ, **PIECES)
    read_once(card, memory, "0B02B0720A0400000100")
    assert memory.of(READER) == Capability(ExtendedLength.SHORT_ONLY, Source.READ)


def test_an_extended_read_is_the_proof() -> None:
    memory = CapabilityMemory()
    read_once(ScriptedCard(SELECT_JPKI + EXTENDED_READ, certificate=CERTIFICATE), memory)
    assert memory.of(READER) == Capability(ExtendedLength.PASSES, Source.READ)


@pytest.mark.parametrize(
    ("properties", "extended"),
    [
        ("0A0400000100", ExtendedLength.PASSES),
        ("0A04FFFF0000", ExtendedLength.PASSES),
        ("0A0400010000", ExtendedLength.SHORT_ONLY),
        ("0A0400000000", ExtendedLength.SHORT_ONLY),
        ("0102", ExtendedLength.UNKNOWN),  # cut off
        ("010100", ExtendedLength.UNKNOWN),
        ("", ExtendedLength.UNKNOWN),
    ],
)
def test_an_empty_reader_can_be_asked_what_it_declares(properties: str, extended: ExtendedLength) -> None:
    api = FakePcsc()
    api.properties = bytes.fromhex(properties)
    memory = CapabilityMemory()
    assert ask_reader(api, memory, READER).extended is extended
    assert memory.of(READER).extended is extended
    assert api.calls == [f"connect {READER} DIRECT", "disconnect LEAVE"]
    assert api.open_contexts == 0


def test_a_reader_that_cannot_be_asked_now_stays_unknown() -> None:
    api = FakePcsc()
    api.stop_service(ScardCode.E_SHARING_VIOLATION)
    assert ask_reader(api, CapabilityMemory(), READER) == Capability()
