"""One account, one PC: taken, stopped, ended, released and replaced, and what a restart remembers of it."""

from pathlib import Path

import pytest

from myna_app.errors import Problem
from myna_app.flow import events as ev
from myna_app.flow import states as st
from myna_app.flow import work as wk
from tests.parts import OfficeAccount, ReferenceBackend, card
from tests.story.reception import Reception


@pytest.fixture
def account(backend: ReferenceBackend) -> OfficeAccount:
    return backend.new_account()


def test_an_account_used_on_one_pc_is_refused_on_a_second(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reception.set_up(account)
    second = Reception(backend, tmp_path_factory.mktemp("second"))
    second.start()
    second.agree()
    second.submit(account)
    screen = second.until(st.Trouble)
    assert screen.report.problem is Problem.ACCOUNT_ELSEWHERE
    second.send(ev.Retried(0.0))
    back = second.until(st.AccountEntry)
    assert (back.form.user_id, back.form.password.value) == (account.user_id, account.password), "it was not wrong"
    second.stop()


def test_a_wrong_password_is_told_and_the_right_one_then_registers(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.start()
    reception.agree()
    wrong = OfficeAccount(account.institution_code, account.user_id, "not the password", account.activation_code)
    reception.submit(wrong)
    assert reception.until(st.Trouble).report.problem is Problem.CREDENTIALS_WRONG
    reception.send(ev.Retried(0.0))
    reception.until(st.AccountEntry)
    reception.submit(account)
    reception.until(st.Registered)


def test_a_stopped_account_is_refused_at_the_next_visit_and_goes_on_when_resumed(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend
) -> None:
    reception.set_up(account)
    with card("p01"):
        assert isinstance(reception.read(), st.Result)
        reception.clear()
    backend.account("stop", account.user_id)
    with card("p01"):
        assert reception.read() == st.Suspended(st.Standing.STOPPED)
        assert reception.state.desk.contact == "見本県国保連合会　000-000-0000"
    reception.stop()
    backend.stop()

    reception.start()  # without a network the stop is not forgotten
    reception.unlock()
    reception.until(st.Trouble)
    assert reception.state.desk.standing is st.Standing.STOPPED
    backend.account("resume", account.user_id)
    backend.start()
    reception.until(st.FaceCheck)  # by itself
    with card("p01"):
        assert isinstance(reception.read(), st.Result)


def test_an_ended_account_leads_to_registering_anew(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend
) -> None:
    reception.set_up(account)
    backend.account("end", account.user_id)
    with card("p01"):
        assert reception.read() == st.Suspended(st.Standing.ENDED)
    reception.send(ev.Confirmed())
    reception.until(st.AccountEntry, lambda screen: not screen.sending)
    reception.submit(backend.new_account())
    reception.until(st.Registered)


def test_a_released_account_goes_to_another_pc_and_the_old_one_is_told(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend, tmp_path_factory: pytest.TempPathFactory
) -> None:
    reception.set_up(account)
    code = backend.account("release", account.user_id).split()[-1]
    second = Reception(backend, tmp_path_factory.mktemp("second"))
    second.set_up(OfficeAccount(account.institution_code, account.user_id, account.password, code))
    second.stop()
    with card("p01"):
        screen = reception.read()
        assert isinstance(screen, st.Trouble)
        assert screen.report.problem is Problem.TERMINAL_UNKNOWN
    reception.send(ev.Retried(0.0))
    reception.until(st.AccountEntry, lambda screen: not screen.sending)
    assert reception.state.desk.terminal_id is None


def test_a_pc_whose_settings_and_registration_are_gone_is_registered_anew(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend
) -> None:
    """The key store remembers a terminal that the server does not know, and nobody remembers the consent."""
    reception.set_up(account)
    reception.until_state(lambda state: not isinstance(state.work, wk.RefreshTerminal))  # its answer is kept
    reception.stop()
    reception.folders.user_file.unlink()
    backend.account("release", account.user_id)
    reception.start()
    for following in (st.Trouble, st.AccountEntry):
        reception.until(st.TermsScreen, lambda screen: screen.terms is not None)
        reception.send(ev.TermsAgreed())
        reception.until(following)
        reception.send(ev.Retried(0.0))
    reception.submit(backend.new_account())
    reception.until(st.Registered)


def test_a_forgotten_passcode_is_replaced_after_the_account_password(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    terminal_id = reception.state.desk.terminal_id
    reception.send(ev.LockAsked())
    reception.until(st.Locked)
    reception.send(ev.PasscodeForgotten())
    reception.until(st.Reauthentication)
    reception.send(ev.PasswordTyped(st.Secret("wrong")))
    assert reception.until(st.Reauthentication, lambda screen: not screen.sending).error == "password"
    reception.send(ev.PasswordTyped(st.Secret(account.password)))
    reception.choose_passcode()
    reception.send(ev.Confirmed())
    reception.until(st.FaceCheck)
    assert reception.state.desk.terminal_id == terminal_id


def test_a_lost_answer_is_recovered_without_a_second_visit(
    reception: Reception, account: OfficeAccount, backend: ReferenceBackend
) -> None:
    reception.set_up(account)
    backend.stop()
    backend.start(MYNA_BACKEND_STALL="visit:60")
    before = backend.audited_visits()
    with card("p02"):
        screen = reception.read()
        assert isinstance(screen, st.Result)
    assert backend.audited_visits() == before + 1


def test_a_damaged_settings_file_is_set_aside_told_and_everything_goes_on(
    reception: Reception, account: OfficeAccount
) -> None:
    reception.set_up(account)
    reception.stop()
    reception.folders.user_file.write_text("reader = [unfinished", "utf-8")
    reception.start()
    told = reception.until(st.Trouble)
    assert told.report.problem is Problem.STORED_DATA_DAMAGED
    kept = [file for file in reception.folders.config.iterdir() if "damaged" in file.name]
    assert [file.read_text("utf-8") for file in kept] == ["reader = [unfinished"]
    reception.send(ev.Retried(0.0))
    reception.until((st.Locked, st.TermsScreen))


def test_nothing_of_a_visitor_is_left_in_any_file(reception: Reception, account: OfficeAccount) -> None:
    reception.set_up(account)
    for person in ("p01", "forged", "locked"):
        with card(person):
            reception.read()
            reception.clear()
    reception.stop()
    files = {file: file.read_bytes() for file in reception.home.rglob("*") if file.is_file()}
    marks = ["架空", "一郎", "ｶｸｳ", "19850412", "600412", "９９０１", account.password, account.activation_code]
    found = [(file.name, mark) for file, content in files.items() for mark in marks if mark.encode() in content]
    assert found == []


def test_without_an_address_the_program_says_so_and_names_the_file(reception: Reception) -> None:
    reception.folders.policy_file.unlink()
    reception.start()
    screen = reception.until(st.Trouble)
    assert screen.report.problem is Problem.BACKEND_NOT_SET
    assert screen.report.facts["file"] == str(reception.folders.policy_file)


def test_what_an_administrator_writes_while_the_program_tells_what_is_missing_is_taken(reception: Reception) -> None:
    reception.folders.policy_file.unlink()
    reception.start()
    assert reception.until(st.Trouble).report.problem is Problem.BACKEND_NOT_SET
    Path(reception.folders.policy_file).write_text("backend_url = 'http://example.invalid'\n", "utf-8")
    reception.send(ev.Retried(0.0))
    reception.until(st.Trouble, lambda screen: screen.report.problem is Problem.POLICY_UNSAFE)
    reception.write_policy()
    reception.send(ev.Retried(0.0))
    reception.until(st.TermsScreen)
