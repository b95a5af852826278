"""The file for receipt computers, read back as their programs read it."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from myna_app.export import oqs_xml
from myna_app.export.oqs_xml import XmlEncoding
from myna_app.formats.eligibility import Eligibility, Verdict
from tests.ui.states import LONG, LOST, QUALIFICATION, TWIN, answer

CODE = "9919910019"
NOW = datetime(2026, 11, 20, 1, 2, 15, tzinfo=UTC).astimezone(oqs_xml._JAPAN)


def read(content: bytes) -> ET.Element:
    """As the declared encoding says; cp932 stands behind "Shift_JIS"."""
    head = content.split(b"?>", 1)[0]
    text = content.decode("cp932" if b"Shift_JIS" in head else "utf-8")
    return ET.fromstring(re.sub(r"<\?xml.*?\?>", "", text))


def document(eligibility: Eligibility, encoding: XmlEncoding = XmlEncoding.SHIFT_JIS) -> ET.Element:
    return read(oqs_xml.document(eligibility, CODE, encoding, NOW))


def test_the_head_says_who_asked_when_and_how() -> None:
    head = document(answer(1, QUALIFICATION)).find("MessageHeader")
    assert head is not None
    assert {one.tag: one.text for one in head} == {
        "ProcessExecutionTime": "20261120100215",
        "QualificationConfirmationDate": "20261120",
        "MedicalInstitutionCode": CODE,
        "ReferenceClassification": "1",
        "SegmentOfResult": "1",
        "CharacterCodeIdentifier": "1",
    }


def test_values_go_through_unchanged_and_what_is_absent_has_no_element() -> None:
    result = document(answer(1, QUALIFICATION)).find("MessageBody/ResultList/ResultOfQualificationConfirmation")
    assert result is not None
    assert {one.tag: one.text for one in result} == {
        "InsuredCardClassification": "01",
        "Name": "架空　一郎",
        "Sex1": "1",
        "Birthdate": "19850412",
        "InsurerName": "架空健康保険組合",
        "InsurerNumber": "06990014",
        "InsuredCardSymbol": "９９０１",
        "InsuredIdentificationNumber": "１２３",
        "InsuredBranchNumber": "00",
        "PersonalFamilyClassification": "1",
        "NameKana": "ｶｸｳ ｲﾁﾛｳ",
        "QualificationDate": "20150401",
    }


def test_a_short_insurer_number_has_two_spaces_in_front() -> None:
    assert document(answer(1, TWIN)).findtext(".//InsurerNumber") == "  990036"


def test_certificates_stand_in_groups_of_their_names() -> None:
    body = document(answer(1, LONG))
    assert (
        body.findtext(".//LimitApplicationCertificateRelatedInfo/LimitApplicationCertificateClassificationFlag")
        == "B05"
    )
    diseases = ".//SpecificDiseasesCertificateList/SpecificDiseasesCertificateInfo/SpecificDiseasesSelfPay"
    assert body.findtext(diseases) == "10000"
    assert body.findtext(".//PublicExpenseResultList/MedicalTicketInfo/TicketType") == "01"


@pytest.mark.parametrize("verdict", [1, 2, 3, 6])
def test_the_verdict_is_told_as_it_is(verdict: int) -> None:
    assert document(answer(verdict, LOST)).findtext(".//QualificationValidity") == str(verdict)


def test_a_character_the_encoding_cannot_carry_becomes_the_dot_that_answers_carry_themselves() -> None:
    rare = replace(QUALIFICATION, name="鷗　𠮷子髙")
    assert document(answer(1, rare)).findtext(".//Name") == "●　●子髙"
    assert document(answer(1, rare), XmlEncoding.UTF_8).findtext(".//Name") == "鷗　𠮷子髙"


@pytest.mark.parametrize(
    "given",
    [
        answer(4),
        answer(5, QUALIFICATION, TWIN),
        answer(2),
        answer(None),
        answer(7, QUALIFICATION),
        replace(answer(1, QUALIFICATION), card_proven=False),
    ],
)
def test_an_answer_that_is_not_one_qualification_is_not_handed_over(given: Eligibility) -> None:
    assert not oqs_xml.has_file(given)


def test_every_certain_answer_is() -> None:
    assert all(oqs_xml.has_file(answer(verdict, QUALIFICATION)) for verdict in set(Verdict) - {4, 5})


def test_the_file_has_the_public_name_and_nothing_else_is_left(tmp_path: Path) -> None:
    file, complete = oqs_xml.drop(tmp_path, answer(1, QUALIFICATION), CODE, XmlEncoding.SHIFT_JIS)
    assert re.fullmatch(rf"OQSsiquc01res_face_{CODE}[0-9A-F]{{20}}_\d{{14}}\.xml", file.name)
    assert list(tmp_path.iterdir()) == [file]
    assert complete
    assert read(file.read_bytes()).findtext(".//Name") == "架空　一郎"


def test_a_character_that_the_encoding_lacks_is_never_replaced_silently(tmp_path: Path) -> None:
    rare = replace(QUALIFICATION, name="𠮷田　鷗")
    for encoding, complete in ((XmlEncoding.SHIFT_JIS, False), (XmlEncoding.UTF_8, True)):
        assert oqs_xml.drop(tmp_path, answer(1, rare), CODE, encoding).complete is complete


def test_a_file_that_exists_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oqs_xml, "token_hex", lambda _n: "0" * 20)
    monkeypatch.setattr(oqs_xml, "datetime", FrozenTime)
    first = oqs_xml.drop(tmp_path, answer(1, QUALIFICATION), CODE, XmlEncoding.UTF_8).file
    content = first.read_bytes()
    with pytest.raises(FileExistsError):
        oqs_xml.drop(tmp_path, answer(1, TWIN), CODE, XmlEncoding.UTF_8)
    assert first.read_bytes() == content
    assert list(tmp_path.iterdir()) == [first]


def test_a_folder_that_is_gone_is_an_error_and_no_more(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        oqs_xml.drop(tmp_path / "gone", answer(1, QUALIFICATION), CODE, XmlEncoding.UTF_8)


class FrozenTime(datetime):
    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # always the same moment
        del tz
        return NOW
