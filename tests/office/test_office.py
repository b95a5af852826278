"""Choices, managed settings, records and the support bundle, on real files."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from myna_app import __version__, log, office
from myna_app.errors import Problem
from myna_app.flow.beside import TURNED_DOWN, Check, Outcome, ProxyForm, Record
from myna_app.formats.secret import Secret
from myna_app.ledger import Ledger, Verify, VisitRow
from myna_app.settings.folders import Folders
from myna_app.settings.store import SettingsStore
from myna_app.ui.record_csv import outcomes_told, record_csv
from myna_app.vault import Entry
from tests.vault.memory import MemoryVault


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "c", tmp_path / "d", tmp_path / "p", tmp_path / "m", own_policy=True)


def store(folders: Folders, policy: str = "") -> SettingsStore:
    folders.policy.mkdir(exist_ok=True)
    folders.policy_file.write_text(policy, "utf-8")
    return SettingsStore(folders, {}, frozen=False)


def values(settings: SettingsStore) -> dict[str, str]:
    return {one.name: one.value for one in office.preferences(settings)}


def test_every_choice_stands_at_one_of_its_values(folders: Folders) -> None:
    for one in office.preferences(store(folders)):
        assert one.value in one.values
        assert not one.managed


def test_every_value_that_is_offered_can_be_kept(folders: Folders) -> None:
    settings = store(folders)
    kept = [
        one for one in office.preferences(settings) if one.name != "block_capture"
    ]  # lifted for a while, never kept
    for one in kept:
        for value in one.values:
            office.keep_preference(settings, one.name, value)
            assert values(settings)[one.name] == value
            assert values(SettingsStore(folders, {}, frozen=False))[one.name] == value


def test_choices_can_be_taken_back_and_nothing_else_is(folders: Folders) -> None:
    settings = store(folders)
    first = values(settings)
    settings.set(reader="見本 00 00")
    office.keep_preference(settings, "theme", "dark")
    office.keep_preference(settings, "mask_numbers", "on")
    office.reset_preferences(settings, MemoryVault())
    assert values(settings) == first
    assert settings.settings.reader == "見本 00 00"


def test_what_a_policy_decides_is_told_and_cannot_be_chosen(folders: Folders) -> None:
    settings = store(folders, 'theme = "dark"\nidle_lock_minutes = 99\nno_such_key = 1\n')
    theme = next(one for one in office.preferences(settings) if one.name == "theme")
    assert (theme.value, theme.managed) == ("dark", True)
    rows = {row.key: row for row in office.managed_rows(settings)}
    assert (rows["theme"].value, rows["theme"].fault) == ("dark", None)
    assert (rows["idle_lock_minutes"].value, rows["idle_lock_minutes"].fault) == ("1", "range")
    assert rows["no_such_key"].fault == "unknown"


def test_protection_from_captures_is_fixed_where_a_policy_decided(folders: Folders) -> None:
    for policy, expected in (
        ("", ("on", False)),
        ("block_capture = true", ("on", True)),
        ("block_capture = false", ("off", True)),
    ):
        one = next(one for one in office.preferences(store(folders, policy)) if one.name == "block_capture")
        assert (one.value, one.managed) == expected


def test_a_proxy_of_ones_own_is_kept_and_its_password_only_in_the_key_store(folders: Folders) -> None:
    settings, vault = store(folders, "backend_url = 'https://backend.example'"), MemoryVault()
    office.keep_proxy(settings, vault, ProxyForm("proxy.example:8080", "desk", Secret("marked secret")))
    assert settings.route().proxy == "http://proxy.example:8080"
    assert settings.route().proxy_user == "desk"
    assert vault.get(Entry.PROXY_PASSWORD, lambda record: record["password"]) == "marked secret"
    assert office.proxy(settings) == ProxyForm("http://proxy.example:8080", "desk")
    assert "marked secret" not in folders.user_file.read_text("utf-8")
    office.keep_proxy(
        settings, vault, ProxyForm("https://proxy.example:8443", "desk")
    )  # the password was not typed again
    assert vault.get(Entry.PROXY_PASSWORD, lambda record: record["password"]) == "marked secret"
    office.keep_proxy(settings, vault, ProxyForm("https://proxy.example:8443"))
    assert vault.get(Entry.PROXY_PASSWORD, lambda record: record["password"]) is None
    office.keep_proxy(settings, vault, ProxyForm("proxy.example:8080", "desk", Secret("marked secret")))
    office.reset_preferences(settings, vault)
    assert vault.get(Entry.PROXY_PASSWORD, lambda record: record["password"]) is None
    assert (values(settings)["proxy_mode"], office.proxy(settings)) == ("system", ProxyForm())


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        (ProxyForm("proxy.example:8080", "desk"), set()),
        (ProxyForm(""), {"proxy"}),
        (ProxyForm("proxy.example:99999"), {"proxy"}),
        (ProxyForm("user:secret@proxy.example"), {"proxy"}),
        (ProxyForm("ftp://proxy.example", "two words"), {"proxy", "proxy_user"}),
    ],
)
def test_what_is_wrong_with_a_proxy_is_told_field_by_field(form: ProxyForm, wrong: set[str]) -> None:
    assert office.proxy_faults(form).keys() == wrong


def row(at: datetime, outcome: str, duration_ms: int = 2000) -> VisitRow:
    return VisitRow(at, outcome, duration_ms, "見本", 9, Verify.NONE)


def test_the_record_counts_by_day_hour_and_outcome(folders: Folders) -> None:
    ledger = Ledger(folders.ledger_file)
    noon = datetime.now().astimezone().replace(hour=12, minute=0)
    for at, outcome, ms in (
        (noon, "verdict 1", 1000),
        (noon, "verdict 1", 3000),
        (noon, "E-C02", 2000),
        (noon, TURNED_DOWN, 2000),
        (noon - timedelta(days=1), "care", 500),
    ):
        ledger.record(row(at.astimezone(UTC), outcome, ms))
    record = office.record_of(ledger.rows(office.since(noon)), noon.date())
    today, yesterday = record.days[:2]
    assert (today.day, today.confirmed, today.problems, today.mean_seconds) == (noon.date(), 2, 1, 2.0)
    assert today.turned_down == 1, "neither an answer nor a problem"
    assert today.hours[12] == 4
    assert (yesterday.confirmed, yesterday.problems) == (1, 0)
    assert record.outcomes[0] == ("verdict 1", 2)
    assert len(record.days) == office.DAYS_OF_RECORD


def test_the_record_begins_with_a_whole_day(folders: Folders) -> None:
    ledger = Ledger(folders.ledger_file)
    now = datetime.now().astimezone().replace(hour=9)
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=office.DAYS_OF_RECORD - 1)
    for at in (first - timedelta(seconds=1), first):
        ledger.record(row(at.astimezone(UTC), "verdict 1"))
    record = office.record_of(ledger.rows(office.since(now)), now.date())
    assert (len(record.days), record.outcomes) == (office.DAYS_OF_RECORD, (("verdict 1", 1),))


def test_an_empty_record_has_its_days_all_the_same() -> None:
    record = office.record_of((), date(2026, 11, 20))
    assert len(record.days) == office.DAYS_OF_RECORD
    assert not any(day.confirmed + day.problems for day in record.days)


def test_a_spreadsheet_reads_the_csv() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=datetime.now().astimezone().tzinfo)
    outcomes = ("E-C02", "verdict 3", TURNED_DOWN, "verdict 1", "care", "verdict 1")
    record = office.record_of([row(noon, one, 2040) for one in outcomes], noon.date())
    assert outcomes_told(record) == ["verdict 1", "verdict 3", "E-C02", "care"]
    lines = record_csv(("日付", "…", "E-C02　カードを確認できません"), record).split("\r\n")
    assert lines[:3] == [
        "\ufeff日付,…,E-C02　カードを確認できません",
        "2026-11-20,4,1,2.0,12,1,2,1,1,1",
        "2026-11-19,0,0,0.0,,0,0,0,0,0",
    ]
    assert len(lines) == 1 + office.DAYS_OF_RECORD + 1


def test_the_bundle_tells_of_the_pc_and_nothing_of_office_account_or_visitor(folders: Folders) -> None:
    settings = store(folders, 'contact = "見本 000-000"\nproxy_user = "marked-user"\n')
    settings.set(
        facility_name="見本診療所", institution_code="9919910019", backend_contact="電話", reader="見本リーダー"
    )
    log.open_log(folders.log_file)
    try:
        log.write(log.ProblemTold(Problem.CARD_REMOVED))
    finally:
        log.close_log()
    with folders.log_file.open("a", encoding="utf-8") as stream:
        stream.write("架空　一郎\n")
    checks = [Check("reader", Outcome.BAD, "none", Problem.READER_MISSING)]
    text = office.bundle(settings, checks, Record(outcomes=(("verdict 1", 3),)), "7K3D9QXM2H4TVB83")
    for part in (
        f"version {__version__} (from sources)",
        "bad reader: none E-R01",
        "verdict 1: 3",
        "CARD_REMOVED",
        "************VB83",
        "reader = 見本リーダー",
    ):
        assert part in text, part
    for marked in ("見本診療所", "9919910019", "電話", "000-000", "marked-user", "7K3D", "架空", str(Path.home())):
        assert marked not in text, marked


def test_a_file_goes_where_staff_said_or_they_are_told(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    assert office.save(file, "あ")
    assert file.read_text("utf-8") == "あ"
    blocked = tmp_path / "report.txt" / "below.txt"
    assert not office.save(blocked, "あ")
