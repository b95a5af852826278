"""The public result file of a face reader, ``OQSsiquc01res_face_….xml``, for receipt computers that watch a folder.

Element names and the file's name are as public readers of it show them (資格確認結果, OQS-IF-002).
Written beside its place and then given its name, so that nobody reads half a file; nothing that exists is replaced.
"""

import codecs
import os
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum, unique
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from myna_app.formats.eligibility import Eligibility, Qualification, Verdict

_JAPAN = timezone(timedelta(hours=9))
_BY_CARD = "1"
"""照会区分 (OQSCD002): マイナンバーカード."""
_ENDED_WELL = "1"
_LISTS = {
    "specific_diseases_certificate_list": "SpecificDiseasesCertificateInfo",
    "public_expense_result_list": "MedicalTicketInfo",
}
_NOT_IN_THE_SET = "●"
"""What the 資格 answers themselves carry in place of a character that cannot be told."""
_HANDED_OVER = frozenset({Verdict.VALID, Verdict.INVALID, Verdict.SUPERSEDED, Verdict.VALID_UNREGISTERED})


@unique
class XmlEncoding(StrEnum):
    """The declared encoding; "Shift_JIS" means Windows-31J (cp932)."""

    SHIFT_JIS = "Shift_JIS"
    UTF_8 = "UTF-8"


_CODECS = {XmlEncoding.SHIFT_JIS: "cp932", XmlEncoding.UTF_8: "utf-8"}
_CHARACTER_CODE = {XmlEncoding.UTF_8: "0", XmlEncoding.SHIFT_JIS: "1"}
"""文字コード識別 (OQSCD005)."""


def has_file(eligibility: Eligibility) -> bool:
    """Whether an answer is handed over: exactly one 資格. Of several, nobody but staff can say which is meant."""
    certain = eligibility.card_proven and eligibility.identity_confirmed
    return certain and eligibility.verdict in _HANDED_OVER and len(eligibility.results) == 1


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return _NOT_IN_THE_SET * (error.end - error.start), error.end


_REPLACING = "myna-app-unknown-character"
codecs.register_error(_REPLACING, _replace)


class Dropped(NamedTuple):
    """`complete`: every character could be written as it came."""

    file: Path
    complete: bool


def drop(folder: Path, eligibility: Eligibility, institution_code: str, encoding: XmlEncoding) -> Dropped:
    """Write the file. Raises `OSError`."""
    now = datetime.now(UTC).astimezone(_JAPAN)
    target = folder / f"OQSsiquc01res_face_{institution_code}{token_hex(10).upper()}_{now:%Y%m%d%H%M%S}.xml"
    handle, name = tempfile.mkstemp(dir=folder, prefix=".myna-app-", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            written = document(eligibility, institution_code, encoding, now)
            stream.write(written)
            stream.flush()
            os.fsync(stream.fileno())
        if os.name == "nt":
            temporary.rename(target)  # Windows refuses a name that is taken
        else:
            os.link(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return Dropped(target, written == document(eligibility, institution_code, encoding, now, errors="ignore"))


def document(
    eligibility: Eligibility, institution_code: str, encoding: XmlEncoding, now: datetime, *, errors: str = _REPLACING
) -> bytes:
    """The file's bytes. `now` is the time in Japan; `errors` says what stands for characters that `encoding` lacks."""
    message = ET.Element("XmlMsg")
    confirmed = eligibility.confirmed_at.astimezone(_JAPAN)
    _fill(
        ET.SubElement(message, "MessageHeader"),
        ProcessExecutionTime=f"{now:%Y%m%d%H%M%S}",
        QualificationConfirmationDate=f"{confirmed:%Y%m%d}",
        MedicalInstitutionCode=institution_code,
        ReferenceClassification=_BY_CARD,
        SegmentOfResult=_ENDED_WELL,
        CharacterCodeIdentifier=_CHARACTER_CODE[encoding],
    )
    body = ET.SubElement(message, "MessageBody")
    _fill(
        body,
        ProcessingResultStatus=_ENDED_WELL,
        ProcessingResultCode=eligibility.processing_result_code,
        ProcessingResultMessage=eligibility.processing_result_message,
        QualificationValidity=str(eligibility.verdict),
    )
    results = ET.SubElement(body, "ResultList")
    for one in eligibility.results:
        _add(ET.SubElement(results, "ResultOfQualificationConfirmation"), one)
    ET.indent(message, "\t")
    head = f'<?xml version="1.0" encoding="{encoding}" standalone="no"?>\n'
    text = (head + ET.tostring(message, "unicode") + "\n").replace("\n", "\r\n")
    return text.encode(_CODECS[encoding], errors=errors)


def _add(parent: ET.Element, value: object) -> None:
    """A dataclass of the answer: its members are the elements' names in snake case; None leaves the element out."""
    for one in fields(value):  # type: ignore[arg-type] # only dataclasses of the answer come here
        content = getattr(value, one.name)
        match content:
            case None | ():
                continue
            case str():
                short_insurer = one.name == "insurer_number" and isinstance(value, Qualification)
                # The layout gives a number of 国保 (six digits) two spaces in front.
                _fill(parent, **{_element(one.name): content.rjust(8) if short_insurer else content})
            case tuple():
                group = ET.SubElement(parent, _element(one.name))
                for member in content:
                    _add(ET.SubElement(group, _LISTS[one.name]), member)
            case _:
                _add(ET.SubElement(parent, _element(one.name)), content)


def _fill(parent: ET.Element, **texts: str | None) -> None:
    for name, text in texts.items():
        if text is not None:
            ET.SubElement(parent, name).text = text


def _element(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
