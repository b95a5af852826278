"""Files byte for byte, against the public test persona (measured, myna-card)."""

import hashlib
import struct
from io import BytesIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from PIL import Image

from myna_sandbox.personalise import Sandbox
from myna_sandbox.virtual_card import records
from myna_sandbox.virtual_card.card import VirtualCard
from myna_sandbox.virtual_card.files import CardImage, Transparent

from .talk import Talk

TEXT_0001 = "FF100C353337363836363737313838FFFF"
TEXT_0002 = (
    "FF2065"
    "DF2108000E002000590064"
    "DF220FE9BB92E6A190E38080E5B9B9E4B99F"
    "DF2336E69DB1E4BAACE983BDE6B885E780ACE5B882E8A6B3E5B883E5AD90E58D97"
    "EFBC91EFBC92EFBC8DEFBC97EFBC8DEFBC92EFBC90EFBC92"
    "DF24083139383030323137"
    "DF250131"
)


def content(image: CardImage, application: str, file_id: int) -> bytes:
    (found,) = (one for one in image.applications if one.name == application)
    file = found.files[file_id]
    assert isinstance(file, Transparent)
    return file.content


def public_key(encoded: bytes) -> RSAPublicKey:
    assert encoded[:9].hex() == "900301000191820100"
    assert len(encoded) == 265
    return RSAPublicNumbers(65537, int.from_bytes(encoded[9:], "big")).public_key()


def assert_signed(certificate: bytes, signature: bytes, signed: bytes) -> None:
    public_key(certificate[42:307]).verify(signature, signed, PKCS1v15(), hashes.SHA256())


def test_the_individual_number_has_its_filler(persona_image: CardImage) -> None:
    assert content(persona_image, "TEXT", 0x01).hex().upper() == TEXT_0001


def test_the_basic_four_are_those_of_the_public_test_card(persona_image: CardImage) -> None:
    assert content(persona_image, "TEXT", 0x02).hex().upper() == TEXT_0002


def test_a_long_basic_four_has_a_five_byte_header_and_offsets_that_count_it(sandbox: Sandbox) -> None:
    four = content(sandbox.image(sandbox.person("p02")), "TEXT", 0x02)
    assert four[:3].hex() == "ff2082"
    offsets = struct.unpack_from(">4H", four, 8)
    assert offsets[0] == 0x10
    assert [four[one : one + 2].hex() for one in offsets] == ["df22", "df23", "df24", "df25"]


def test_the_text_digests_cover_filler_and_skip_the_offset_table(persona_image: CardImage) -> None:
    digests = content(persona_image, "TEXT", 0x03)
    assert len(digests) == 336
    assert digests[:5].hex() == "ff3082014b"
    assert digests[8:40] == hashlib.sha256(bytes.fromhex(TEXT_0001)).digest()
    assert digests[43:75] == hashlib.sha256(bytes.fromhex(TEXT_0002)[14:]).digest()
    assert_signed(content(persona_image, "TEXT", 0x04), digests[80:], digests[5:75])


def test_the_age_record_is_signed_by_the_certified_issuer(persona_image: CardImage) -> None:
    record = content(persona_image, "SURFACE", 0x01)
    assert len(record) == 547
    assert record[:8].hex() == "ff1082021edf1108"
    assert record[8:16] == b"19800217"
    assert record[16:21].hex() == "df12820109"
    assert record[286:291].hex() == "df13820100"
    assert_signed(content(persona_image, "SURFACE", 0x04), record[291:], record[5:286])


def test_the_issuer_certificate_is_a_cv_certificate_below_a_root_of_the_sandbox(
    sandbox: Sandbox, persona_image: CardImage
) -> None:
    certificate = content(persona_image, "SURFACE", 0x04)
    root = sandbox.authorities.surface_root()
    assert len(certificate) == 568
    assert certificate[:10].hex() == "7f218202335f4e820129"
    assert certificate[10:26] == b"7000023\x08\x05001" + bytes(4) == root.key_id
    assert certificate[26:42] == b"1322121\x08\x05000" + bytes(4)
    assert certificate[307:312].hex() == "5f37820100"
    root.key.public_key().verify(certificate[312:], certificate[10:307], PKCS1v15(), hashes.SHA256())


def test_the_text_issuer_has_a_root_of_its_own(persona_image: CardImage) -> None:
    assert content(persona_image, "TEXT", 0x04)[10:17] == b"7000033"


def test_the_manager_intermediate_has_a_root_of_its_own(persona_image: CardImage) -> None:
    certificate = persona_image.objects[0x00F8]
    assert len(certificate) == 563
    assert certificate[5:21] == b"7000020\x08\x05001\x00\x00\x00\xa8"
    assert certificate[21:37] == persona_image.objects[0x00F7] == persona_image.objects[0x7F21][5:21]


def test_the_card_face_starts_with_the_known_offsets(persona_image: CardImage) -> None:
    face = content(persona_image, "SURFACE", 0x02)
    offsets = struct.unpack_from(">9H", face, 8)
    assert face[:2].hex() == "ff20"
    assert face[5:8].hex() == "df2112"
    assert offsets[:4] == (0x1A, 0x25, 0x29, 0x137)
    assert [face[one : one + 2].hex() for one in offsets] == [f"df2{digit}" for digit in "23456789a"]


def test_the_card_face_signs_three_digests_unhashed(persona_image: CardImage) -> None:
    face = content(persona_image, "SURFACE", 0x02)
    at = (*struct.unpack_from(">9H", face, 8), len(face))
    groups = (face[at[0] : at[3]], face[at[3] : at[5]], face[at[5] : at[6]])
    signed = bytes.fromhex("3071300D060960864801650304020105000460") + b"".join(
        hashlib.sha256(group).digest() for group in groups
    )
    issuer = public_key(content(persona_image, "SURFACE", 0x04)[42:307])
    assert issuer.recover_data_from_signature(face[at[6] + 5 : at[7]], PKCS1v15(), None) == signed
    assert face[at[7] :][:11] == bytes.fromhex("DF2908") + b"20350217"


def test_the_pictures_of_the_face_are_png_and_grey_jpeg_2000(persona_image: CardImage) -> None:
    face = content(persona_image, "SURFACE", 0x02)
    at = (*struct.unpack_from(">9H", face, 8), len(face))
    for number, size in ((3, (480, 40)), (4, (480, 64)), (8, (24, 12))):
        value = face[at[number] :]
        picture = Image.open(BytesIO(value[value.index(b"\x89PNG") :]))
        assert (picture.mode, picture.size) == ("1", size)
    photograph = face[at[5] + 5 : at[6]]
    assert photograph[:12].hex().upper() == "0000000C6A5020200D0A870A"
    assert Image.open(BytesIO(photograph)).mode == "L"


def test_the_three_records_of_the_surface_application_carry_one_key(persona_image: CardImage) -> None:
    age, face = content(persona_image, "SURFACE", 0x01), content(persona_image, "SURFACE", 0x02)
    number = content(persona_image, "SURFACE", 0x05)
    key = age[21:286]
    assert face[0x29 + 5 : 0x137] == key
    assert records.tlv("DF42", key) in number


def test_the_application_information_has_its_measured_shape(persona_image: CardImage) -> None:
    surface, text = content(persona_image, "SURFACE", 0x03), content(persona_image, "TEXT", 0x05)
    assert len(surface) == 320
    assert surface[:12].hex() == "ff3082013bdf310406030e01"
    assert surface[35:43] == bytes.fromhex("DF3405") + b"13221"
    assert surface[43:48].hex() == "df35820110"
    assert len(text) == 164
    assert text[:12].hex() == "ff4082009fdf410401030e01"
    assert text[31:36].hex() == "df43820080"
    assert text[-96:] == b"\xff" * 96


def test_the_text_keys_have_their_measured_shape(persona_image: CardImage) -> None:
    session, authentication = content(persona_image, "TEXT", 0x06), content(persona_image, "TEXT", 0x07)
    assert len(session) == 269
    assert session[:4].hex() == "a1820109"
    assert len(authentication) == 536
    assert authentication[:10].hex() == "ff50820213df51820109"
    assert_signed(content(persona_image, "TEXT", 0x04), authentication[280:], authentication[5:275])


def test_the_token_information_is_160_bytes_with_the_label(persona_image: CardImage) -> None:
    token = content(persona_image, "JPKI", 0x06)
    assert len(token) == 160
    assert token[:32] == b"JPKIAPICCTOKEN2".ljust(32)
    assert token[64:80] == b"E16R01NJ        "
    assert token[80:96] == b"0000000020500003"
    assert token[96:124].hex().upper() == "0000040D00000001000000000000000100000000" + "0000001000000006"
    assert token[124:140] == b"\xff" * 16
    assert token[140:] == b"0301" + b"9" * 16


def test_the_card_record_is_thirty_bytes_of_simple_tlv(talk: Talk) -> None:
    talk.application("COMMON")
    record = bytes.fromhex("011C") + b"400000012719843" + b"13221" + b"20350217"
    assert talk.data("00B2010C00") == record
    assert talk.select("0001") == "9000"
    assert talk.data("00B2010400") == record
    assert talk.data("00B2010500") == record
    assert talk.data("00B2000400") == record
    assert talk.status("00B2020400") == "6A83"


def test_both_certificates_are_announced_and_start_with_a_two_byte_length(persona_image: CardImage) -> None:
    assert content(persona_image, "JPKI", 0x08).hex().upper() == "8F8F00"
    for file_id in (0x01, 0x02, 0x0A, 0x0B):
        certificate = content(persona_image, "JPKI", file_id)
        assert certificate[:2].hex() == "3082"
        assert len(certificate) == 4 + int.from_bytes(certificate[2:4], "big")


def test_a_child_has_no_signing_certificate(sandbox: Sandbox) -> None:
    card = VirtualCard(sandbox.image(sandbox.person("child")))
    card.power_on()
    talk = Talk(card)
    talk.application("JPKI")
    assert talk.read("08") == (bytes.fromhex("008F00"), "9000")
    assert talk.select("0001") == "9000"
    assert talk.read("01") == (b"", "6982")


def test_the_manager_level_has_consistent_data_objects(talk: Talk) -> None:
    assert talk.data("00CA00F000") == b"13221"
    assert talk.data("00CA00F200") == b"20350217"
    assert talk.data("00CA5F5100").hex().upper() == "E000FF8131FE4514"
    assert bytes.fromhex("2A864886FC6B") in talk.data("00CA006600")
    assert len(talk.data("00CA004200")) == 16
    assert len(talk.data("00CA7F21000000")) == 563
