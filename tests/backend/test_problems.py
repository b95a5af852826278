"""Every problem of the contract can be had, with the status and the members the contract names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from myna_backend import accounts
from myna_backend.contract import MinimumAppVersion
from myna_backend.encodings import to_base64url
from myna_backend.problems import Code
from myna_backend.settings import Maintenance
from tests.backend import contract_page, issuing
from tests.backend.conftest import Serve
from tests.backend.issuing import NOW, Authority, Holder, person
from tests.backend.running import CONTACT, Answer, FakeClock, Server, Terminal

HOLDER = Holder()


@dataclass
class World:
    """What a scenario may use; `server` is started on first use, so that a scenario can choose its settings."""

    serve: Serve
    clock: FakeClock
    folder: Path
    destroy_database: Callable[[], object]

    def server(self, **settings: Any) -> Server:
        return self.serve(**settings)

    def visited(self, holder: Holder = HOLDER, *persons: dict[str, Any], **deck: Any) -> Answer:
        """A first visit of `holder` at a server that knows the tests' person."""
        server = self.server()
        server.load(self.folder / "deck", *(persons or (person(),)), **deck)
        return server.terminal().visit(holder)

    def proving(self, **changes: Any) -> tuple[Terminal, str]:
        """A terminal and its open visit."""
        server = self.server()
        server.load(self.folder / "deck", person(**changes))
        terminal = server.terminal()
        return terminal, terminal.visit(HOLDER).body["visit_id"]


Scenario = Callable[[World], Answer]
SCENARIOS: dict[str, Scenario] = {}


def scenario(function: Scenario) -> Scenario:
    """Its name is the code it brings about."""
    SCENARIOS[function.__name__.removesuffix("_")] = function
    return function


@scenario
def fields(world: World) -> Answer:
    return world.server().call("POST", "/v1/terminals", json={})


@scenario
def body_too_large(world: World) -> Answer:
    return world.server().call(
        "POST", "/v1/terminals", data=b" " * 65_537, headers={"Content-Type": "application/json"}
    )


@scenario
def media_type(world: World) -> Answer:
    return world.server().call("POST", "/v1/terminals", data=b"{}", headers={"Content-Type": "text/plain"})


@scenario
def not_found(world: World) -> Answer:
    return world.server().call("GET", "/v1/nothing")


@scenario
def method(world: World) -> Answer:
    return world.server().call("PATCH", "/v1/terms")


@scenario
def credentials(world: World) -> Answer:
    server = world.server()
    return Terminal(server, server.account()).register(password="another password")


@scenario
def activation_code(world: World) -> Answer:
    server = world.server()
    return Terminal(server, server.account()).register(activation_code="000000000000")


@scenario
def possession(world: World) -> Answer:
    server = world.server()
    terminal = Terminal(server, server.account())
    return terminal.register(possession=terminal.possession(aud="https://elsewhere.invalid"))


@scenario
def account_elsewhere(world: World) -> Answer:
    terminal = world.server().terminal()
    return Terminal(terminal.server, terminal.account).register()


@scenario
def terms_version(world: World) -> Answer:
    server = world.server()
    return Terminal(server, server.account()).register(terms_version="0.9")


@scenario
def account_stopped(world: World) -> Answer:
    terminal = world.server().terminal()
    with terminal.server.backend.store.writing() as session:
        accounts.stop(session, terminal.account.user_id)
    return terminal.call("GET", "/v1/terminals/me")


@scenario
def account_ended(world: World) -> Answer:
    terminal = world.server().terminal()
    with terminal.server.backend.store.writing() as session:
        accounts.end(session, terminal.account.user_id)
    return terminal.fetch_token()


@scenario
def assertion(world: World) -> Answer:
    terminal = world.server().terminal()
    return terminal.fetch_token(terminal.assertion(exp=terminal.seconds + 61))


@scenario
def assertion_clock(world: World) -> Answer:
    terminal = world.server().terminal()
    return terminal.fetch_token(terminal.assertion(iat=terminal.seconds + 61, exp=terminal.seconds + 121))


@scenario
def assertion_replayed(world: World) -> Answer:
    terminal = world.server().terminal()
    once = terminal.assertion()
    assert terminal.fetch_token(once).status == 200
    return terminal.fetch_token(once)


@scenario
def terminal_unknown(world: World) -> Answer:
    terminal = world.server().terminal()
    assert terminal.call("DELETE", "/v1/terminals/me").status == 204
    return terminal.fetch_token()


@scenario
def token(world: World) -> Answer:
    terminal = world.server().terminal()
    world.clock.advance(minutes=10)
    return terminal.call("GET", "/v1/terminals/me")


@scenario
def not_started(world: World) -> Answer:
    return world.server().terminal(service_starts_on=date(2026, 11, 21)).call("POST", "/v1/challenges")


@scenario
def terms_required(world: World) -> Answer:
    before = world.server().terminal()
    after = Terminal(world.server(terms_version="2.0"), before.account, before.key, before.terminal_id)
    assert after.fetch_token().status == 200
    return after.call("POST", "/v1/challenges")


@scenario
def update_required(world: World) -> Answer:
    minimum = MinimumAppVersion("0.10.0", date(2026, 11, 20))
    return world.server(minimum_app_version=minimum).terminal().call("POST", "/v1/challenges")


@scenario
def password(world: World) -> Answer:
    terminal = world.server().terminal()
    return terminal.call("POST", "/v1/terminals/me/reauthentication", json={"password": "wrong"})


@scenario
def challenge_unknown(world: World) -> Answer:
    one = world.server().terminal()
    other = one.server.terminal(name="見本第二診療所")
    return one.visit(HOLDER, challenge=other.challenge())


@scenario
def challenge_expired(world: World) -> Answer:
    terminal = world.server().terminal()
    body = terminal.visit_body(HOLDER)
    world.clock.advance(seconds=120)
    return terminal.call("POST", "/v1/visits", json=body)


@scenario
def challenge_spent(world: World) -> Answer:
    terminal = world.server().terminal()
    body = terminal.visit_body(HOLDER)
    terminal.call("POST", "/v1/visits", json=body)
    return terminal.call("POST", "/v1/visits", json={**body, "signature": to_base64url(bytes(256))})


@scenario
def visit_closed(world: World) -> Answer:
    terminal, visit_id = world.proving()
    terminal.visit(HOLDER)
    return terminal.prove(visit_id)


@scenario
def face_check_stale(world: World) -> Answer:
    terminal = world.server().terminal()
    return terminal.visit(HOLDER, face_check={"seconds_ago": 301, "way": "accompanied"})


@scenario
def certificate_malformed(world: World) -> Answer:
    terminal = world.server().terminal()
    return terminal.visit(HOLDER, certificate=to_base64url(HOLDER.certificate + b"\xff"))


@scenario
def certificate_issuer_unknown(world: World) -> Answer:
    return world.visited(Holder(signer="somebody"))


@scenario
def certificate_purpose(world: World) -> Answer:
    return world.visited(Holder(usage=issuing.usage(digital_signature=True, content_commitment=True)))


@scenario
def certificate_revoked(world: World) -> Answer:
    return world.visited(HOLDER, crls=[Authority().crl(HOLDER.serial)])


@scenario
def certificate_expired(world: World) -> Answer:
    return world.visited(Holder(not_after=NOW - timedelta(days=150)))


@scenario
def certificate_not_yet_valid(world: World) -> Answer:
    return world.visited(Holder(not_before=NOW + timedelta(seconds=1)))


@scenario
def record_malformed(world: World) -> Answer:
    terminal, visit_id = world.proving()
    return terminal.prove(visit_id, record=bytes(547))


@scenario
def issuer_certificate(world: World) -> Answer:
    terminal, visit_id = world.proving()
    return terminal.prove(visit_id, issuer_certificate=issuing.issuer_certificate(authority="somebody"))


@scenario
def issuer_unknown(world: World) -> Answer:
    terminal, visit_id = world.proving()
    return terminal.prove(visit_id, issuer_certificate=issuing.issuer_certificate(authority_id=b"7000024" + bytes(9)))


@scenario
def record_signature(world: World) -> Answer:
    terminal, visit_id = world.proving()
    return terminal.prove(visit_id, record=issuing.birth_date_record(issuer="somebody"))


@scenario
def card_signature(world: World) -> Answer:
    terminal, visit_id = world.proving()
    return terminal.prove(visit_id, record=issuing.birth_date_record(card="another card"))


@scenario
def birth_date_mismatch(world: World) -> Answer:
    terminal, visit_id = world.proving(birth_date="19850413", birth_date_key="600413")
    return terminal.prove(visit_id)


@scenario
def card_key_changed(world: World) -> Answer:
    """A certificate of another person with the first person's card."""
    server, second = world.server(), Holder(serial=0xDEF)
    server.load(world.folder / "deck", person("p01", HOLDER), person("p02", second))
    terminal = server.terminal()
    assert terminal.first_visit(HOLDER).status == 200
    return terminal.first_visit(second)


@scenario
def rate_limited(world: World) -> Answer:
    terminal = world.server().terminal()
    for _ in range(5):
        terminal.call("POST", "/v1/terminals/me/reauthentication", json={"password": "wrong"})
    return terminal.call("POST", "/v1/terminals/me/reauthentication", json={"password": terminal.account.password})


@scenario
def birth_date_keys_limited(world: World) -> Answer:
    server = world.server()
    server.load(world.folder / "deck", person())
    terminal = server.terminal()
    for _ in range(3):
        assert terminal.visit(HOLDER).body["next"] == "prove"
    return terminal.visit(HOLDER)


@scenario
def internal(world: World) -> Answer:
    server = world.server(terms_file=world.folder / "no such file")
    return server.call("GET", "/v1/terms")


@scenario
def store_unavailable(world: World) -> Answer:
    server = world.server()
    server.backend.store.engine.dispose()
    world.destroy_database()
    return server.call("GET", "/v1/health")


@scenario
def maintenance(world: World) -> Answer:
    planned = Maintenance(NOW - timedelta(minutes=1), NOW + timedelta(minutes=9))
    return world.server(maintenance=planned).call("GET", "/v1/terms")


def _members(answer: Answer) -> frozenset[str]:
    return frozenset(answer.body) - {"type", "title", "status", "code", "error"}


@pytest.mark.parametrize("code", contract_page.problems())
def test_every_problem_of_the_contract_can_be_had(
    code: str, serve: Serve, clock: FakeClock, tmp_path: Path, destroy_database: Callable[[], object]
) -> None:
    assert code in SCENARIOS, "no scenario brings this code about"
    answer = SCENARIOS[code](World(serve, clock, tmp_path, destroy_database))
    status, members = contract_page.problems()[code]
    assert answer.body["code"] == code
    assert answer.status == status
    assert _members(answer) == members
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert ("Retry-After" in answer.headers) == ("retry_after" in members)


def test_the_catalogue_and_the_page_name_the_same_problems() -> None:
    assert {code.value: code.status for code in Code} == {
        code: status for code, (status, _) in contract_page.problems().items()
    }


def test_a_refusal_names_whom_to_call(serve: Serve, clock: FakeClock, tmp_path: Path) -> None:
    world = World(serve, clock, tmp_path, lambda: None)
    assert account_stopped(world).body["contact"] == CONTACT
