"""A server with a medical and a care office, somebody of every role, and a browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser

from myna_app.formats.facility import FacilityKind
from myna_backend import accounts, users
from myna_backend.accounts import IssuedAccount, OfficeFields, find_account, issue
from myna_backend.settings import Settings
from myna_backend.store.tables import PageRole
from myna_backend.tls import make_server_certificate
from tests.backend.running import CONTACT, FakeClock, Server, serving
from tests.pages.browsing import chromium

PASSWORD = "a password of the tests"
STARTED = date(2026, 4, 1)


@dataclass(frozen=True)
class Pages:
    """The server, and the accounts its two care offices and its clinic have."""

    server: Server
    care: IssuedAccount
    other_care: IssuedAccount
    clinic: IssuedAccount


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="module")  # one at a time: Playwright's loop stands no other beside it
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    make_server_certificate(folder, "127.0.0.1")
    return folder


@pytest.fixture
def pages(tmp_path: Path, clock: FakeClock, tls: Path) -> Iterator[Pages]:
    settings = Settings(
        issuer="https://backend.invalid",
        data=tmp_path,
        database=f"sqlite:///{tmp_path / 'backend.sqlite3'}",
        administration=True,
        tester_faults=True,
    )
    with serving(settings, clock, tls) as server:
        yield Pages(
            server,
            _office(server, "見本居宅介護支援", FacilityKind.CARE, ""),
            _office(server, "別の介護事業所", FacilityKind.CARE, "other-"),
            _office(server, "見本診療所", FacilityKind.MEDICAL, "clinic-"),
        )


def _office(server: Server, name: str, kind: FacilityKind, prefix: str) -> IssuedAccount:
    """An office with one account and somebody of every role; logins are prefix and role."""
    code = "8888888888" if kind is FacilityKind.CARE else "9919910019"
    with server.backend.store.writing() as session:
        fields = OfficeFields(name, kind, code, CONTACT, STARTED)
        issued = issue(session, fields, 1, server.backend.activation_code_end())[0]
        account = find_account(session, issued.user_id)
        assert account is not None
        for role in PageRole:
            login = f"{prefix}{role}"
            some = users.UserFields(login, f"見本 {role}", f"{login}@example.jp", role, PASSWORD)
            users.add(session, account.office, some)
    return issued
