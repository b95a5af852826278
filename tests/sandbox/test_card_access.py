"""Which credential opens which file, row by row, and what may sign."""

import pytest

from .talk import DIGEST_INFO, Talk

CREDENTIALS = {
    ("SURFACE", "11"): "550217",
    ("SURFACE", "12"): "55021720352285",
    ("SURFACE", "13"): "537686677188",
    ("TEXT", "11"): "1234",
    ("TEXT", "14"): "537686677188",
    ("TEXT", "15"): "55021720352285",
    ("JPKI", "18"): "1234",
    ("JPKI", "1B"): "ABC123",
}
FREE = "free"
READABLE = {
    ("SURFACE", "01"): {"11"},
    ("SURFACE", "02"): {"12", "13"},
    ("SURFACE", "03"): {FREE},
    ("SURFACE", "04"): {FREE},
    ("SURFACE", "05"): {"13"},
    ("SURFACE", "06"): {"12", "13"},
    ("TEXT", "01"): {"11", "14"},
    ("TEXT", "02"): {"11", "15"},
    ("TEXT", "03"): {"11", "14", "15"},
    ("TEXT", "04"): {FREE},
    ("TEXT", "05"): {FREE},
    ("TEXT", "06"): {"11", "14", "15"},
    ("TEXT", "07"): {"11", "14", "15"},
    ("JPKI", "01"): {"1B"},
    ("JPKI", "02"): {FREE},
    ("JPKI", "06"): {FREE},
    ("JPKI", "08"): {FREE},
    ("JPKI", "09"): set[str](),
    ("JPKI", "0A"): {FREE},
    ("JPKI", "0B"): {FREE},
}
SIGNING = {
    ("SURFACE", "1A"): {FREE},
    ("TEXT", "13"): {FREE},
    ("JPKI", "17"): {"18"},
    ("JPKI", "1A"): {"1B"},
}


def references(application: str) -> list[str]:
    return [reference for name, reference in CREDENTIALS if name == application]


@pytest.mark.parametrize(("application", "file_id"), READABLE)
def test_a_file_opens_to_its_credentials_only(talk: Talk, application: str, file_id: str) -> None:
    opened_by = READABLE[application, file_id]
    for reference in (FREE, *references(application)):
        talk.card.power_on()
        talk.application(application)
        if reference != FREE:
            assert talk.verify(reference, CREDENTIALS[application, reference]) == "9000"
        opens = FREE in opened_by or reference in opened_by
        assert talk.read(file_id)[1] == ("9000" if opens else "6982"), reference


@pytest.mark.parametrize(("application", "key"), SIGNING)
def test_a_key_signs_after_its_credential_only(talk: Talk, application: str, key: str) -> None:
    allowed = SIGNING[application, key]
    command = f"802A00{0x80 | int(key, 16):02X}33{DIGEST_INFO}{'11' * 32}00"
    for reference in (FREE, *references(application)):
        talk.card.power_on()
        talk.application(application)
        if reference != FREE:
            assert talk.verify(reference, CREDENTIALS[application, reference]) == "9000"
        may = FREE in allowed or reference in allowed
        assert talk.status(command) == ("9000" if may else "6982"), reference


def test_internal_authenticate_needs_nothing_in_the_common_application(talk: Talk) -> None:
    talk.application("COMMON")
    first = talk.data(f"0088009910{'22' * 16}00")
    assert talk.select("0019") == "9000"
    assert talk.data(f"0088008010{'22' * 16}00") == first


@pytest.mark.parametrize(
    ("application", "key", "status"),
    [("JPKI", "97", "6982"), ("JPKI", "9A", "6982"), ("SURFACE", "9A", "6985"), ("TEXT", "93", "6985")],
)
def test_internal_authenticate_is_refused_elsewhere(talk: Talk, application: str, key: str, status: str) -> None:
    talk.application(application)
    assert talk.status(f"008800{key}10{'22' * 16}00") == status


@pytest.mark.parametrize(
    ("application", "file_id"),
    [
        *(("JPKI", file_id) for file_id in ("05", "10", "16", "17", "18", "19", "1A", "1B", "1C", "1E")),
        *(("SURFACE", file_id) for file_id in ("11", "12", "13", "1A", "1C", "1E")),
        *(("TEXT", file_id) for file_id in ("10", "11", "12", "13", "14", "15", "1C", "1E")),
        *(("COMMON", file_id) for file_id in ("01", "02", "19", "1C", "1E")),
        *(("JUKI", file_id) for file_id in ("02", "1C")),
    ],
)
def test_internal_and_record_files_are_selected_and_never_read_as_bytes(
    talk: Talk, application: str, file_id: str
) -> None:
    talk.application(application)
    assert talk.select(f"00{file_id}") == "9000"
    assert talk.status("00B0000000") == "6981"


def test_the_two_key_id_records_are_the_same(talk: Talk) -> None:
    talk.application("COMMON")
    common = talk.data("00B2011400")
    talk.application("JUKI")
    assert talk.data("00B2011400") == common


@pytest.mark.parametrize(
    ("application", "reference", "tries"),
    [
        ("JPKI", "18", 3),
        ("JPKI", "1B", 5),
        ("TEXT", "11", 3),
        ("TEXT", "14", 10),
        ("TEXT", "15", 10),
        ("SURFACE", "11", 10),
        ("SURFACE", "12", 10),
        ("SURFACE", "13", 10),
        ("COMMON", "1C", 3),
        ("JUKI", "1C", 3),
        ("TEXT", "12", 0),
    ],
)
def test_a_reference_tells_its_tries(talk: Talk, application: str, reference: str, tries: int) -> None:
    talk.application(application)
    assert talk.status(f"002000{0x80 | int(reference, 16):02X}") == f"63C{tries:X}"
