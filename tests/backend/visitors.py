"""The holders of the visits' tests, and what the audit says of them."""

from sqlalchemy import select

from myna_backend.store.tables import Audit
from tests.backend.issuing import Holder
from tests.backend.running import Server

HOLDER = Holder()
SECOND = Holder(serial=0xDEF)


def audits(server: Server) -> list[Audit]:
    with server.backend.store.reading() as session:
        return list(session.scalars(select(Audit)))


def outcomes(server: Server) -> list[str]:
    return sorted(row.outcome for row in audits(server))
