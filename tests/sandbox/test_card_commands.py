"""Commands and status words, as the measured card answers them."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes

from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage
from myna_sandbox.virtual_card.memory import FileMemory
from myna_sandbox.virtual_card.recorder import RECORD_DIR

from .talk import AIDS, DIGEST_INFO, Talk

SHA256 = hashes.SHA256()


@pytest.mark.parametrize("command", ["00A40000", "00B0000000", "0084000010"])
def test_the_card_is_mute_without_power(persona_image: CardImage, command: str) -> None:
    card = VirtualCard(persona_image)
    assert card.transmit(bytes.fromhex(command)) == b""
    card.reset()
    assert card.transmit(bytes.fromhex(command))
    card.power_off()
    assert card.transmit(bytes.fromhex(command)) == b""


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00A40000", "6A86"),
        ("00A40000023F00", "6A82"),
        ("00A4020C023F00", "6A82"),
        *((f"00A4020C02{file_id:04X}", "6A82") for file_id in range(1, 0x1F)),
        ("00B0000000", "6986"),
        ("00B0810000", "6A82"),
        ("00200080", "6986"),
        ("00CA00FF00", "6A88"),
        ("00CA00F800", "6700"),
        ("00CADF3005", "6A88"),
        ("00CB3FFF035C017E08", "6D00"),
        ("01A4040C0AD392F000260100000001", "6881"),
        ("03200080", "6881"),
        ("41A40000", "6881"),
        ("90A40000", "6E00"),
        ("10A40000", "6E00"),
        ("00820080", "6982"),
        ("808A220000", "6982"),
        ("00A4090C0200AA", "6A86"),
        ("00A4040C", "6700"),
        ("00A4040C11" + "D3" * 17, "6700"),
        ("00A4040C07A0000000790100", "6A82"),
        ("80AE000000010000" + "00" * 255, "6982"),
    ],
)
def test_status_words_at_the_card_manager_level(talk: Talk, command: str, status: str) -> None:
    assert talk.status(command) == status


def test_a_large_data_object_needs_an_extended_le(talk: Talk) -> None:
    assert len(talk.data("00CA00F8000000")) == 563


@pytest.mark.parametrize("name", AIDS)
def test_every_application_is_selected_by_its_whole_id(talk: Talk, name: str) -> None:
    talk.application(name)


def test_a_prefix_selects_the_first_and_then_the_next_occurrence(talk: Talk) -> None:
    found = [talk.data("00A4040005D39210003100")]
    while (answer := talk.send("00A4040205D39210003100"))[1] == "9000":
        found.append(answer[0])
    assert answer[1] == "6A82"
    assert [one[4:].hex().upper() for one in found] == [AIDS[name] for name in ("COMMON", "JUKI", "SURFACE", "TEXT")]
    assert found[0][:4].hex() == "6f0c840a"


@pytest.mark.parametrize(
    "probe",
    [
        "00A40400076276 01FF000000",
        "00A4040006A00000000101",
        "00A404000BE82B0601040181C31F020100",
        "00A4040C0FD23300000045737445494420763335",
        "00A4040009A0000003080000100000",
        "00A4040C07A0000001 16DB0000",
        "00A4040C07A0000000791000",
        "00A404000CF276A288BCFBA69D34F31001",
        "00A4040009A00000039742544659 00",
        "00A4040006D27600012401 00",
    ],
)
def test_no_probe_of_another_driver_is_taken_for_an_application(talk: Talk, probe: str) -> None:
    assert talk.status(probe) == "6A82"


def test_a_master_file_can_be_selected_inside_an_application_and_nothing_happens(talk: Talk) -> None:
    talk.application("JPKI")
    assert talk.verify("18", "1234") == "9000"
    assert talk.select("0018") == "9000"
    assert talk.status("00A40000") == "9000"
    assert talk.status("00200080") == "63C3"
    assert talk.status(f"802A009733{DIGEST_INFO}{'11' * 32}00") == "9000"


def test_manager_objects_answer_only_while_no_application_is_selected(talk: Talk) -> None:
    talk.application("JPKI")
    assert talk.status("00CA00F000") == "6A88"
    talk.application("MANAGER")
    assert talk.status("00CA00F000") == "9000"


def test_reading_stops_at_the_end_of_the_file(talk: Talk) -> None:
    talk.application("JPKI")
    assert talk.select("0006") == "9000"
    whole = talk.data("00B0000000")
    assert len(whole) == 160
    assert talk.data("00B0000020") == whole[:32]
    assert talk.data("00B0009F00") == whole[159:]
    assert talk.status("00B000A000") == "6B00"
    assert talk.status("00B07FFF01") == "6B00"
    assert talk.data("00B086100A") == whole[16:26]
    assert talk.data("00B0000001") == whole[:1]


def test_a_certificate_is_read_whole_or_in_pieces(talk: Talk) -> None:
    talk.application("JPKI")
    whole = talk.data("00B08A00000000")
    talk.select("000A")
    pieces = b""
    while len(pieces) < len(whole):
        step = min(256, len(whole) - len(pieces))
        pieces += talk.data(f"00B0{len(pieces):04X}{step & 0xFF:02X}")
    assert pieces == whole


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("00B0030000", "6986"),  # no current file
        ("00B0A60000", "6A86"),  # bits between the mark and the short id
        ("00B09F0000", "6A86"),  # 1F is no short id
        ("00B0830000", "6A82"),  # no such file
        ("00B08A00", "6700"),  # no Le
        ("00B2018C00", "6A82"),
        ("00B2011C00", "6A82"),
        ("00B2013400", "6981"),  # record of a transparent file
        ("00200098", "63C3"),
        ("0020009804", "6700"),
        ("002000980030", "6700"),
        ("0020009800", "6700"),  # Le instead of nothing: undefined on the card, so refused here
        ("00200098" + "11" + "31" * 17, "6700"),
        ("00200018", "6A86"),
        ("00200198", "6A86"),
        ("0020008A", "6981"),
        ("00200083", "6A82"),
        ("00240198" + "04" + "35363738", "6982"),
        ("0024009804" + "35363738", "6A86"),
        ("8032009804" + "35363738", "6982"),
        ("802A009A33", "6982"),
        ("802A06970111" + "00", "6A86"),
        ("802A00000111" + "00", "6A88"),  # no default key here
        ("802A00800111" + "00", "6986"),
        ("802A00830111" + "00", "6A88"),
        ("802A00980111" + "00", "6981"),
        ("802A00960111" + "00", "6985"),
        ("80A206C1", "6986"),
        ("80A20000", "6A86"),
        ("80AE0000" + "000100" + "00" * 256, "6982"),
        ("80FC0000", "6700"),
        ("0084000000", "9000"),
        ("0084000000" + "0010", "6985"),
        ("0084010010", "6A86"),
        ("00840000", "6700"),
    ],
)
def test_status_words_in_the_jpki_application(talk: Talk, command: str, status: str) -> None:
    talk.application("JPKI")
    assert talk.status(command) == status


@pytest.mark.parametrize("length", [1, 16, 255, 256])
def test_a_challenge_is_exactly_as_long_as_asked(talk: Talk, length: int) -> None:
    challenge = talk.data(f"00840000{length & 0xFF:02X}")
    assert len(challenge) == length


def test_a_wrong_value_costs_a_try_and_the_right_one_restores_them(talk: Talk) -> None:
    talk.application("JPKI")
    assert [talk.verify("18", value) for value in ("0000", "12345", "1234")] == ["63C2", "63C1", "9000"]
    assert talk.status("00200098") == "63C3"


def test_the_last_failing_try_says_none_left_and_then_even_the_right_value_is_locked_out(talk: Talk) -> None:
    talk.application("JPKI")
    assert [talk.verify("18", "0000") for _ in range(3)] == ["63C2", "63C1", "63C0"]
    assert talk.status("00200098") == "63C0"
    assert talk.verify("18", "1234") == "6984"


def test_counters_are_independent(talk: Talk) -> None:
    talk.application("SURFACE")
    assert talk.verify("11", "550218") == "63C9"
    assert talk.status("00200092") == "63CA"
    talk.application("TEXT")
    assert talk.status("00200095") == "63CA"


def test_a_lower_case_password_is_another_password(talk: Talk) -> None:
    talk.application("JPKI")
    assert talk.verify("1B", "abc123") == "63C4"


def test_a_failed_verify_closes_what_that_reference_had_opened(talk: Talk) -> None:
    talk.application("SURFACE")
    assert talk.verify("11", "550217") == "9000"
    assert talk.verify("11", "000000") == "63C9"
    assert talk.read("01")[1] == "6982"


def test_verified_references_live_until_another_application_or_power_off(talk: Talk) -> None:
    talk.application("SURFACE")
    assert talk.verify("11", "550217") == "9000"
    talk.application("SURFACE")
    assert talk.status("00B0000000") == "6986"
    assert talk.read("01")[1] == "9000"
    talk.card.reset()
    assert talk.read("01")[1] == "9000"
    assert talk.status("00A4040C05A0000000FF") == "6A82"
    assert talk.read("01")[1] == "9000"
    talk.application("JPKI")
    talk.application("SURFACE")
    assert talk.read("01")[1] == "6982"
    assert talk.verify("11", "550217") == "9000"
    talk.card.power_off()
    talk.card.power_on()
    assert talk.status("00B0810000") == "6A82"
    talk.application("SURFACE")
    assert talk.read("01")[1] == "6982"


@pytest.mark.parametrize(
    ("application", "file_id", "change"),
    [("JPKI", "18", "0024 01"), ("TEXT", "11", "0024 01"), ("JUKI", "1C", "8032 00")],
)
def test_a_pin_is_changed_after_it_was_verified(talk: Talk, application: str, file_id: str, change: str) -> None:
    command = f"{change}{0x80 | int(file_id, 16):02X}0435363738"
    talk.application(application)
    assert talk.status(command) == "6982"
    assert talk.verify(file_id, "1234") == "9000"
    assert talk.status(command) == "9000"
    assert talk.verify(file_id, "1234") == "63C2"
    assert talk.verify(file_id, "5678") == "9000"


def test_the_printed_references_cannot_be_changed(talk: Talk) -> None:
    talk.application("SURFACE")
    assert talk.verify("11", "550217") == "9000"
    assert talk.status("00240191" + "06" + "303030303030") == "6982"


def test_counters_outlive_power_and_process_and_are_written_before_the_answer(
    persona_image: CardImage, tmp_path: Path
) -> None:
    path = tmp_path / "state" / "persona.json"
    card = VirtualCard(persona_image, FileMemory(path))
    card.power_on()
    talk = Talk(card)
    talk.application("SURFACE")
    assert talk.verify("11", "000000") == "63C9"
    assert json.loads(path.read_text("utf-8"))["tries_left"] == {"SURFACE.0011": 9}
    again = Talk(VirtualCard(persona_image, FileMemory(path)))
    again.card.power_on()
    again.application("SURFACE")
    assert again.status("00200091") == "63C9"


def test_a_changed_pin_outlives_the_process(persona_image: CardImage, tmp_path: Path) -> None:
    path = tmp_path / "persona.json"
    talk = Talk(VirtualCard(persona_image, FileMemory(path)))
    talk.card.power_on()
    talk.application("JPKI")
    assert talk.verify("18", "1234") == "9000"
    assert talk.status("0024019804" + b"5678".hex()) == "9000"
    again = Talk(VirtualCard(persona_image, FileMemory(path)))
    again.card.power_on()
    again.application("JPKI")
    assert again.verify("18", "5678") == "9000"


def test_every_command_is_recorded_with_status_session_and_counters(
    persona_image: CardImage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(RECORD_DIR, str(tmp_path))
    card = VirtualCard(persona_image, name="persona")
    talk = Talk(card)
    for _ in range(2):
        card.power_on()
        talk.application("SURFACE")
        talk.verify("11", "000000")
    (file,) = tmp_path.iterdir()
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["command"] for line in lines][:2] == ["00A4040C0AD3921000310001010402", "0020009106303030303030"]
    assert [line["status"] for line in lines] == ["9000", "63C9", "9000", "63C8"]
    assert [line["counters"]["SURFACE.0011"] for line in lines] == [10, 9, 9, 8]
    assert {line["card"] for line in lines} == {"persona"}
    sessions = [line["session"] for line in lines]
    assert sessions[0] == sessions[1] < sessions[2] == sessions[3]


@pytest.mark.parametrize(("person", "label"), [("android", "JPKIAPGPSETOKEN"), ("iphone", "JPKIAPIOSTOKEN")])
def test_a_phone_token_has_the_jpki_application_alone_and_reads_after_its_pin(
    sandbox: Sandbox, person: str, label: str
) -> None:
    card = sandbox.card(person, volatile=True)
    card.power_on()
    talk = Talk(card)
    assert talk.status(f"00A4040C0A{AIDS['SURFACE']}") == "6A82"
    talk.application("JPKI")
    assert talk.data("00B0860020").decode().rstrip() == label
    assert talk.read("0A")[1] == "6982"
    assert talk.status("80FC0000") == ("9000" if person == "iphone" else "6700")
    assert talk.verify("18", "1234") == "9000"
    assert talk.read("0A")[1] == "9000"


def test_a_blank_card_has_no_application(sandbox: Sandbox) -> None:
    card = sandbox.card("blank", volatile=True)
    card.power_on()
    assert Talk(card).status(f"00A4040C0A{AIDS['JPKI']}") == "6A82"


def test_a_damaged_card_fails_on_its_certificate(sandbox: Sandbox) -> None:
    card = sandbox.card("damaged", volatile=True)
    card.power_on()
    talk = Talk(card)
    talk.application("JPKI")
    assert talk.read("0A")[1] == "6F00"
