"""What staff do beside the visits, through the real parts: proxy, reader's test, passcode, release, files, updates."""

import hashlib
import re
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import side_events as se
from myna_app.flow import states as st
from myna_app.flow.beside import HandOver, ProxyForm, ReaderTest, SidePage, UpdateStage
from myna_app.formats.secret import Secret
from myna_app.update.manifest import Manifest, write_signed
from tests.parts import OfficeAccount, ReferenceBackend, card
from tests.story.reception import PASSCODE, Reception
from tests.story.servers import proxy, update_server

NEW_PASSCODE = Secret("9173")


@pytest.fixture
def account(backend: ReferenceBackend) -> OfficeAccount:
    return backend.new_account()


def settings_page(reception: Reception) -> st.SettingsScreen:
    reception.send(se.PageAsked(SidePage.SETTINGS))
    return reception.until(st.SettingsScreen, lambda screen: bool(screen.preferences))


def test_an_office_behind_a_proxy_gets_to_the_terms_by_its_settings(reception: Reception) -> None:
    with proxy("desk", "marked proxy secret") as address:
        reception.folders.config.mkdir(parents=True)
        reception.folders.user_file.write_text(f"proxy_mode = 'manual'\nproxy = 'http://{address}'\n", "utf-8")
        reception.start()
        assert reception.until(st.Trouble).report.problem is Problem.PROXY_AUTHENTICATION
        settings_page(reception)
        reception.send(se.ProxyTyped(ProxyForm(f"{address} oops", "desk", Secret("x"))))
        assert reception.until(st.SettingsScreen, lambda screen: bool(screen.errors)).errors == {"proxy": "address"}
        reception.send(se.ProxyTyped(ProxyForm(address, "desk", Secret("marked proxy secret"))))
        reception.until(st.SettingsScreen, lambda screen: screen.proxy.user == "desk")
        reception.send(ev.Back())
        reception.until(st.Trouble)
        reception.send(ev.Retried(0.0))
        reception.until(st.TermsScreen, lambda screen: screen.terms is not None)
        reception.stop()
        files = [file.read_bytes() for file in reception.home.rglob("*") if file.is_file()]
        assert not any(b"marked proxy secret" in content for content in files)


def test_a_reader_is_tested_with_a_card_and_the_next_visitor_is_read_as_ever(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    reception.send(ev.ReaderChoiceAsked())
    reception.send(se.ReaderTestAsked())
    assert reception.until(st.ReaderChoice).test is ReaderTest.PLACE
    with card("p01"):
        reception.until(st.ReaderChoice, lambda screen: screen.test is ReaderTest.EXTENDED)
    reception.until_desk(lambda desk: not any(reader.card_present for reader in desk.readers))
    reception.send(se.ReaderTestAsked())
    with card("blank"):
        reception.until(st.ReaderChoice, lambda screen: screen.test is ReaderTest.OTHER_CARD)
    reception.until_desk(lambda desk: not any(reader.card_present for reader in desk.readers))
    reception.send(se.ReaderTestAsked())
    reception.send(ev.Confirmed())  # left while it waits
    with card("p01"):
        assert isinstance(reception.read(), st.Result)
    assert len(reception.visits) == 1, "a test is no visit"


def test_a_passcode_is_changed_only_by_who_knows_the_present_one(reception: Reception, account: OfficeAccount) -> None:
    reception.set_up(account)
    settings_page(reception)
    reception.send(se.PasscodeChangeAsked())
    reception.until_state(lambda state: isinstance(state.screen, st.Locked) and state.work is None)
    reception.send(ev.PasscodeTyped(NEW_PASSCODE))
    refused = reception.until(st.Locked, lambda screen: screen.wrong)
    assert (refused.purpose, refused.tries_left) == (st.LockPurpose.CHANGE, 4)
    reception.send(ev.PasscodeTyped(PASSCODE))
    reception.until(st.PasscodeChoice)
    reception.send(ev.PasscodeTyped(NEW_PASSCODE))
    reception.until(st.PasscodeRepeat)
    reception.send(ev.PasscodeTyped(NEW_PASSCODE))
    reception.until(st.PasscodeKept)
    reception.stop()

    reception.start()
    reception.until(st.Locked)
    reception.until_state(lambda state: state.work is None)
    reception.send(ev.PasscodeTyped(PASSCODE))
    reception.until(st.Locked, lambda screen: screen.wrong)
    reception.send(ev.PasscodeTyped(NEW_PASSCODE))
    reception.until(st.FaceCheck)


def test_a_pc_released_from_its_settings_leaves_its_account_to_another(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reception.set_up(account)
    settings_page(reception)
    reception.send(se.ReleaseAsked())
    reception.until_state(lambda state: isinstance(state.screen, st.Locked) and state.work is None)
    reception.send(ev.PasscodeTyped(NEW_PASSCODE))
    reception.until(st.Locked, lambda screen: screen.wrong)
    reception.send(ev.PasscodeTyped(PASSCODE))
    reception.until(st.AccountEntry)
    assert reception.state.desk.terminal_id is None
    assert backend.terminal_of(account.user_id) is None
    code = backend.account("release", account.user_id).split()[-1]
    other = Reception(backend, tmp_path_factory.mktemp("other"))
    other.set_up(OfficeAccount(account.institution_code, account.user_id, account.password, code))
    other.stop()


def test_choices_hold_from_the_next_start_on(reception: Reception, account: OfficeAccount) -> None:
    reception.set_up(account)
    settings_page(reception)
    for name, value in (("theme", "dark"), ("result_seconds", "120"), ("shuffle_keypad", "on")):
        reception.send(se.PreferenceChosen(name, value))
        reception.until(st.SettingsScreen, lambda screen, kept=(name, value): kept in pairs(screen))
    reception.stop()
    reception.write_policy(theme="light")
    reception.start()
    reception.unlock()
    reception.until(st.FaceCheck)
    shown = settings_page(reception)
    assert {("theme", "light"), ("result_seconds", "120"), ("shuffle_keypad", "on")} <= pairs(shown)
    assert {one.name for one in shown.preferences if one.managed} == {"theme"}


def pairs(screen: st.SettingsScreen) -> set[tuple[str, str]]:
    return {(one.name, one.value) for one in screen.preferences}


def test_each_answer_becomes_a_file_of_its_own_for_the_receipt_computer(
    reception: Reception, account: OfficeAccount, tmp_path: Path
) -> None:
    drop = tmp_path / "receipt computer"
    drop.mkdir()
    reception.write_policy(allow_xml_drop=True, xml_drop_folder=str(drop))
    reception.set_up(account)
    for _ in range(2):
        with card("p01"):
            result = reception.read()
            assert isinstance(result, st.Result)
            assert result.handed_over is HandOver.WRITTEN
            reception.clear()
    names = [file.name for file in drop.iterdir()]
    assert len(names) == 2
    for name in names:
        assert re.fullmatch(rf"OQSsiquc01res_face_{account.institution_code}[0-9A-F]{{20}}_[0-9]{{14}}\.xml", name)
    for file in drop.iterdir():
        assert "架空" in file.read_bytes().decode("cp932")
        file.unlink()
    drop.rmdir()
    with card("p01"):
        result = reception.read()
        assert isinstance(result, st.Result), "without the folder the answer stands"
        assert result.handed_over is HandOver.FAILED


def test_the_support_file_is_what_was_shown_and_lies_where_staff_said(
    reception: Reception, account: OfficeAccount, tmp_path: Path
) -> None:
    reception.set_up(account)
    with card("p01"):
        reception.read()
        reception.clear()
    reception.send(se.PageAsked(SidePage.BUNDLE))
    text = reception.until(st.BundleScreen, lambda screen: screen.text is not None).text
    assert text is not None
    file = tmp_path / "support.txt"
    reception.send(se.SaveAsked(file, text))
    reception.until(st.BundleScreen, lambda screen: screen.saved is True)
    assert file.read_text("utf-8") == text
    assert "verdict 1: 1" in text
    for marked in ("架空", account.user_id, account.password, account.institution_code):
        assert marked not in text, marked
    reception.send(se.SaveAsked(tmp_path / "support.txt" / "below.txt", text))
    reception.until(st.BundleScreen, lambda screen: screen.saved is False)


def test_the_record_counts_each_visit_by_its_end_and_holds_nothing_of_a_visitor(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    for person in ("p01", "p01", "p07", "copied"):
        with card(person):
            reception.read()
            reception.clear()
    reception.send(se.PageAsked(SidePage.RECORD))
    record = reception.until(st.RecordScreen, lambda screen: screen.record is not None).record
    assert record is not None
    assert dict(record.outcomes) == {"verdict 1": 2, "verdict 2": 1, Problem.CARD_KEY_CHANGED.value: 1}
    assert sum(day.confirmed for day in record.days) == 3
    assert sum(day.problems for day in record.days) == 1
    assert sum(sum(day.hours) for day in record.days) == 4
    kept = reception.folders.ledger_file.read_bytes()
    for marked in ("架空", "一郎", "ｶｸｳ", "06990014", "9901"):
        assert marked.encode() not in kept, marked


# --- updates ---


def test_a_newer_version_is_told_brought_looked_at_and_a_false_one_refused(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, tmp_path: Path
) -> None:
    published, key, setup = tmp_path / "published", Ed25519PrivateKey.generate(), b"an installer" * 50_000
    published.mkdir()
    manifest = Manifest("9.0.0", "setup.exe", len(setup), hashlib.sha256(setup).hexdigest(), "直しました", "Fixed")
    (published / "update.json").write_bytes(write_signed(manifest, key))
    (published / "setup.exe").write_bytes(setup)
    with update_server(backend, published) as address:
        public = b64encode(key.public_key().public_bytes_raw()).decode()
        reception.write_policy(update_url=address, update_key=public)
        reception.set_up(account)
        reception.until_desk(lambda desk: desk.update is not None)
        assert isinstance(reception.state.screen, st.FaceCheck)
        reception.send(se.PageAsked(SidePage.UPDATE))
        found = reception.until(st.UpdateScreen, lambda screen: screen.stage is UpdateStage.OFFERED)
        assert found.update is not None
        assert found.update.version == "9.0.0"
        reception.send(se.UpdateWanted())
        # Here is no Windows whose installer could be started.
        reception.until(st.UpdateScreen, lambda screen: screen.stage is UpdateStage.NOT_STARTED)
        told = [state.screen.part for state in reception.states if isinstance(state.screen, st.UpdateScreen)]
        assert {0.0, 1.0} < set(told)
        assert (reception.folders.data / "updates" / "setup.exe").read_bytes() == setup

        (reception.folders.data / "updates" / "setup.exe").unlink()
        (published / "setup.exe").write_bytes(setup[:-1] + b"!")
        reception.send(ev.Retried(0.0))
        reception.until(st.UpdateScreen, lambda screen: screen.stage is UpdateStage.OFFERED)
        reception.send(se.UpdateWanted())
        reception.until(st.UpdateScreen, lambda screen: screen.stage is UpdateStage.REFUSED)
        assert list((reception.folders.data / "updates").iterdir()) == []
    reception.send(ev.Retried(0.0))
    assert reception.until(st.Trouble).report.problem is Problem.BACKEND_UNREACHABLE
    reception.send(ev.Back())
    reception.until(st.FaceCheck)


def test_without_a_policy_updates_are_off_and_that_is_said(reception: Reception, account: OfficeAccount) -> None:
    reception.set_up(account)
    reception.send(se.PageAsked(SidePage.UPDATE))
    reception.until(st.UpdateScreen, lambda screen: screen.stage is UpdateStage.OFF)
    reception.send(ev.Back())
    reception.until(st.FaceCheck)
    assert reception.state.desk.update is None
