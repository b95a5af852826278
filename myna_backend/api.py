"""The calls of `docs/contract.md` §3. A function's name is also the call's name in `Stall`."""

import hashlib
from importlib.metadata import version
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import TypeAdapter
from sqlalchemy import text

from myna_app.formats.terms import Terms
from myna_backend import contract, proofs, terminals, tokens, visits
from myna_backend.backend import Backend
from myna_backend.callers import Caller, require_service
from myna_backend.http import ContractRoute
from myna_backend.openapi import OPEN, WITH_BODY, WITH_TOKEN, refusals
from myna_backend.problems import Code, Refusal
from myna_backend.versions import require_app_version

_VISIT_ANSWER: TypeAdapter[contract.VisitAnswer] = TypeAdapter(contract.VisitAnswer)
_PROVED = TypeAdapter(contract.Proved)
_BEARER = HTTPBearer(auto_error=False)


async def _backend(request: Request) -> Backend:
    backend: Backend = request.app.state.backend
    return backend


BackendOf = Annotated[Backend, Depends(_backend)]


async def _require_no_maintenance(backend: BackendOf) -> None:
    now, planned = backend.clock(), backend.settings.maintenance
    if planned is not None and planned.starts_at <= now < planned.ends_at:
        wait = int((planned.ends_at - now).total_seconds()) + 1
        raise Refusal(Code.MAINTENANCE, retry_after=wait, ends_at=planned.ends_at)


def _caller(
    backend: BackendOf, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
) -> Caller:
    if credentials is None:
        raise Refusal(Code.TOKEN)
    return tokens.caller_with(backend, credentials.credentials)


async def _serving_caller(backend: BackendOf, caller: Annotated[Caller, Depends(_caller)]) -> Caller:
    require_service(backend, caller)
    return caller


async def _body_digest(request: Request) -> bytes:
    return hashlib.sha256(await request.body()).digest()


CallerOf = Annotated[Caller, Depends(_caller)]
ServingCaller = Annotated[Caller, Depends(_serving_caller)]
BodyDigest = Annotated[bytes, Depends(_body_digest)]

health_router = APIRouter(prefix="/v1", route_class=ContractRoute)
router = APIRouter(prefix="/v1", route_class=ContractRoute, dependencies=[Depends(_require_no_maintenance)])


@health_router.get("/health", responses=refusals(Code.STORE_UNAVAILABLE))
def health(backend: BackendOf) -> contract.Health:
    """Whether the server and its store work."""
    with backend.store.reading() as session:
        session.execute(text("SELECT 1"))
    kind: Literal["sqlite", "postgresql"] = "sqlite" if backend.store.kind == "sqlite" else "postgresql"
    return contract.Health(ok=True, version=version("myna-app"), store=kind)


@router.get("/terms", responses=refusals(*OPEN))
def terms(backend: BackendOf) -> Terms:
    """利用規約 in force."""
    settings = backend.settings
    return Terms(settings.terms_version, settings.terms_effective_on, settings.terms_text())


@router.post(
    "/terminals",
    status_code=201,
    responses=refusals(
        *OPEN,
        *WITH_BODY,
        Code.CREDENTIALS,
        Code.ACTIVATION_CODE,
        Code.POSSESSION,
        Code.ASSERTION_CLOCK,
        Code.ACCOUNT_ELSEWHERE,
        Code.ACCOUNT_STOPPED,
        Code.ACCOUNT_ENDED,
        Code.TERMS_VERSION,
        Code.RATE_LIMITED,
    ),
)
def register(backend: BackendOf, request: Request, body: contract.RegistrationRequest) -> contract.Registration:
    """Registers a PC for an account."""
    address = request.client.host if request.client is not None else ""
    return terminals.register(backend, body, address)


@router.post(
    "/token",
    responses=refusals(
        *OPEN,
        *WITH_BODY,
        Code.ASSERTION,
        Code.ASSERTION_CLOCK,
        Code.ASSERTION_REPLAYED,
        Code.TERMINAL_UNKNOWN,
        Code.ACCOUNT_STOPPED,
        Code.ACCOUNT_ENDED,
        Code.RATE_LIMITED,
    ),
)
def token(backend: BackendOf, body: Annotated[contract.TokenRequest, Form()]) -> contract.AccessToken:
    """An access token for a client assertion."""
    return tokens.issue(backend, body.client_assertion)


@router.get("/terminals/me", responses=refusals(*OPEN, *WITH_TOKEN))
def terminal(backend: BackendOf, caller: CallerOf) -> contract.Terminal:
    """What a terminal must know about itself."""
    return terminals.describe(backend, caller)


@router.put(
    "/terminals/me/terms", status_code=204, responses=refusals(*OPEN, *WITH_BODY, *WITH_TOKEN, Code.TERMS_VERSION)
)
def agree_to_terms(backend: BackendOf, caller: CallerOf, body: contract.TermsAgreement) -> None:
    """Consent to the terms in force."""
    terminals.agree_to_terms(backend, caller, body.version)


@router.post(
    "/terminals/me/reauthentication",
    status_code=204,
    responses=refusals(*OPEN, *WITH_BODY, *WITH_TOKEN, Code.PASSWORD, Code.RATE_LIMITED),
)
def reauthenticate(backend: BackendOf, caller: CallerOf, body: contract.Reauthentication) -> None:
    """Whether the account's password is known here."""
    terminals.reauthenticate(backend, caller, body.password)


@router.delete("/terminals/me", status_code=204, responses=refusals(*OPEN, *WITH_TOKEN))
def release(backend: BackendOf, caller: CallerOf) -> None:
    """Gives the account back."""
    terminals.release(backend, caller)


@router.post(
    "/challenges",
    status_code=201,
    responses=refusals(
        *OPEN, *WITH_TOKEN, Code.NOT_STARTED, Code.TERMS_REQUIRED, Code.UPDATE_REQUIRED, Code.RATE_LIMITED
    ),
)
def challenge(backend: BackendOf, caller: ServingCaller, request: Request) -> contract.Challenge:
    """A fresh challenge for one visit."""
    require_app_version(request.headers.get("user-agent", ""), backend.settings.minimum_app_version, backend.today())
    return visits.make_challenge(backend, caller)


@router.post(
    "/visits",
    response_model=contract.VisitAnswer,
    responses=refusals(
        *OPEN,
        *WITH_BODY,
        *WITH_TOKEN,
        Code.NOT_STARTED,
        Code.TERMS_REQUIRED,
        Code.CHALLENGE_UNKNOWN,
        Code.CHALLENGE_EXPIRED,
        Code.CHALLENGE_SPENT,
        Code.FACE_CHECK_STALE,
        Code.CERTIFICATE_MALFORMED,
        Code.CERTIFICATE_ISSUER_UNKNOWN,
        Code.CERTIFICATE_PURPOSE,
        Code.CERTIFICATE_REVOKED,
        Code.CERTIFICATE_EXPIRED,
        Code.CERTIFICATE_NOT_YET_VALID,
        Code.BIRTH_DATE_KEYS_LIMITED,
    ),
)
def visit(backend: BackendOf, caller: ServingCaller, body: contract.VisitRequest, digest: BodyDigest) -> Response:
    """A card was read: its certificate, and its signature over the challenge."""
    answer = visits.visit(backend, caller, body, digest)
    content = _VISIT_ANSWER.dump_json(answer, exclude_defaults=True)
    if not isinstance(answer, contract.Done):
        content = content.ljust(contract.VISIT_ANSWER_SIZE)
    return Response(content, media_type="application/json")


@router.put(
    "/visits/{visit_id}/proof",
    response_model=contract.Proved,
    responses={
        204: {"description": "The refusal of the birth-date key is noted"},
        **refusals(
            *OPEN,
            *WITH_BODY,
            *WITH_TOKEN,
            Code.VISIT_CLOSED,
            Code.RECORD_MALFORMED,
            Code.ISSUER_CERTIFICATE,
            Code.ISSUER_UNKNOWN,
            Code.RECORD_SIGNATURE,
            Code.CARD_SIGNATURE,
            Code.BIRTH_DATE_MISMATCH,
            Code.CARD_KEY_CHANGED,
            Code.CERTIFICATE_EXPIRED,
        ),
    },
)
def proof(
    backend: BackendOf, caller: CallerOf, visit_id: UUID, body: contract.ProofRequest, digest: BodyDigest
) -> Response:
    """The proof of the card, or the card's refusal of the birth-date key."""
    match body:
        case contract.CardRefusal(refused=refusal):
            proofs.note_refused_key(backend, caller, visit_id, refusal, digest)
            return Response(status_code=204)
        case contract.CardProof():
            answer = proofs.prove(backend, caller, visit_id, body, digest)
            return Response(_PROVED.dump_json(answer, exclude_defaults=True), media_type="application/json")


@router.put(
    "/visits/{visit_id}/photograph",
    responses=refusals(
        *OPEN,
        *WITH_BODY,
        *WITH_TOKEN,
        Code.VISIT_CLOSED,
        Code.FACE_CHECK_STALE,
        Code.RECORD_MALFORMED,
        Code.ISSUER_CERTIFICATE,
        Code.ISSUER_UNKNOWN,
        Code.RECORD_SIGNATURE,
        Code.CARD_SIGNATURE,
    ),
)
def photograph(
    backend: BackendOf, caller: CallerOf, visit_id: UUID, body: contract.PhotographProof
) -> contract.PhotographConfirmed:
    """The photograph in the chip belongs to the card of this visit; perhaps, whether staff saw the same person."""
    return proofs.confirm_photograph(backend, caller, visit_id, body)
