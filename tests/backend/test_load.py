"""`load`: what fits is kept, what does not is reported by place and never by value."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from myna_backend.evidence.modes import Mode
from myna_backend.load import LoadError, LoadReport, load
from myna_backend.store.engine import Store, open_store
from myna_backend.store.tables import Certificate, Person
from myna_backend.trust import AnchorCache
from tests.backend.issuing import Authority, Holder, person, write_export

SECOND = Holder(serial=0xDEF)


@pytest.fixture
def store(database: str) -> Any:
    store = open_store(database, Mode.SANDBOX)
    yield store
    store.engine.dispose()


def loaded(store: Store, folder: Path) -> LoadReport:
    return load(store, Mode.SANDBOX, folder)


def people(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.scalars(select(Person.person_id)))


def test_loading_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    folder = write_export(tmp_path / "deck", [person(), person("p02", SECOND)], crls=[Authority().crl(5)])
    first, second = loaded(store, folder), loaded(store, folder)
    assert first == second == LoadReport(persons=2, roots=1, crls=1, card_issuers=1, bad_rows=())
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Certificate)) == 2
        anchors = AnchorCache(Mode.SANDBOX).get(session)
    assert anchors.roots[0].revoked == {5}


def test_a_persons_new_certificate_replaces_the_old_one(store: Store, tmp_path: Path) -> None:
    loaded(store, write_export(tmp_path / "deck", [person()]))
    loaded(store, write_export(tmp_path / "deck", [person("p01", SECOND)]))
    with store.reading() as session:
        assert [row.serial for row in session.scalars(select(Certificate))] == ["def"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"birth_date": "1985-04-12"}, "birth_date"),
        ({"birth_date": "19850230"}, "birth_date"),
        ({"birth_date": "18000101"}, "birth_date"),
        ({"birth_date_form": "western"}, "birth_date_form"),
        ({"birth_date_key": "601332"}, "birth_date_key"),
        ({"birth_date_key": 600412}, "birth_date_key"),
        ({"certificates": [{"issuer_key_id": "ab", "serial": "0a"}]}, "certificates.0.serial"),
        ({"certificates": [{"issuer_key_id": "AB", "serial": "a"}]}, "certificates.0.issuer_key_id"),
        ({"medical": {"verdict": "1"}}, "medical.verdict"),
        ({"medical": {"verdict": 1, "results": [{"name": "x"}]}}, "medical.results.0.sex1"),
        ({"medical": {"verdict": 1, "nickname": "x"}}, "medical.nickname"),
        ({"nickname": "x"}, "nickname"),
        ({"care": []}, "care"),
    ],
)
def test_a_bad_row_is_reported_with_file_line_and_field(
    store: Store, tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    folder = write_export(tmp_path / "deck", [person("p00", SECOND), person("p01", **change)])
    report = loaded(store, folder)
    assert ("persons.jsonl", 2, field) in {(bad.file, bad.line, bad.field) for bad in report.bad_rows}
    assert people(store) == ["p00"]


def test_a_missing_member_is_reported(store: Store, tmp_path: Path) -> None:
    row = person()
    del row["medical"]
    report = loaded(store, write_export(tmp_path / "deck", [row]))
    assert [str(bad) for bad in report.bad_rows] == ["persons.jsonl:1: medical: missing"]


def test_a_line_that_is_no_json_is_reported_and_the_rest_kept(store: Store, tmp_path: Path) -> None:
    folder = write_export(tmp_path / "deck", [person()])
    file = folder / "persons.jsonl"
    file.write_bytes(b"{ 600412\n\xff\n" + file.read_bytes())
    report = loaded(store, folder)
    assert [(bad.line, bad.reason) for bad in report.bad_rows] == [(1, "json_invalid"), (2, "json_invalid")]
    assert people(store) == ["p01"]


def test_reports_name_no_value(store: Store, tmp_path: Path) -> None:
    row = person(birth_date="19851412", birth_date_key="601412", medical={"verdict": 1, "results": ["架空　一郎"]})
    text = "\n".join(str(bad) for bad in loaded(store, write_export(tmp_path / "deck", [row])).bad_rows)
    assert text
    for value in ("19851412", "601412", "架空"):
        assert value not in text


def test_a_certificate_belongs_to_one_person(store: Store, tmp_path: Path) -> None:
    report = loaded(store, write_export(tmp_path / "deck", [person("p01"), person("p02")]))
    assert [str(bad) for bad in report.bad_rows] == ["persons.jsonl:2: certificates: belongs to another person already"]
    assert people(store) == ["p01"]


def test_roots_and_lists_that_do_not_fit_are_left_out(store: Store, tmp_path: Path) -> None:
    good, real = Authority(), Authority("somebody", "JPKI")
    lists = [good.crl(1), good.crl(2, signer="somebody"), b"no list"]
    folder = write_export(tmp_path / "deck", [person()], authorities=[good, real], crls=lists)
    (folder / "roots" / "9.pem").write_text("no certificate")
    report = loaded(store, folder)
    assert (report.roots, report.crls) == (1, 1)
    assert [str(bad) for bad in report.bad_rows] == [
        "roots/1.pem: organisation is not one of mode sandbox",
        "roots/9.pem: ValueError",
        "crls/1.crl: signed by none of the roots",
        "crls/2.crl: ValueError",
    ]


@pytest.mark.parametrize("digit", ["35", "36"])  # "5" and "6": production and test
def test_card_issuers_of_another_mode_are_left_out(store: Store, tmp_path: Path, digit: str) -> None:
    folder = write_export(tmp_path / "deck", [])
    file = folder / "card_issuers.jsonl"
    row = json.loads(file.read_text())
    file.write_text(json.dumps({**row, "key_id": digit + row["key_id"][2:]}) + "\n")
    report = loaded(store, folder)
    assert report.card_issuers == 0
    assert [(bad.file, bad.line, bad.field) for bad in report.bad_rows] == [("card_issuers.jsonl", 1, "key_id")]


def test_a_folder_of_another_mode_is_refused(store: Store, tmp_path: Path) -> None:
    folder = write_export(tmp_path / "deck", [person()], mode="production")
    with pytest.raises(LoadError, match="of mode production"):
        loaded(store, folder)
    assert people(store) == []


@pytest.mark.parametrize("manifest", ["", "{}", '{"schema": 2, "mode": "sandbox", "made_on": "2026-11-20"}'])
def test_a_manifest_of_another_kind_is_refused(store: Store, tmp_path: Path, manifest: str) -> None:
    folder = write_export(tmp_path / "deck", [person()])
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(LoadError):
        loaded(store, folder)
