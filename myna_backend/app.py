"""The server program as one ASGI application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from myna_backend import api, faults
from myna_backend.backend import Backend, Clock, open_backend, system_clock
from myna_backend.evidence.modes import Mode
from myna_backend.http import AnswerHeaders, install_problem_handlers
from myna_backend.pages import administration, portal, portal_accounts, web_service
from myna_backend.pages.frame import style_router
from myna_backend.pages.route import unknown_pages
from myna_backend.retention import purge
from myna_backend.settings import Settings
from myna_backend.store.engine import CONNECTIONS

PURGE_INTERVAL = 60.0
"""Seconds."""


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The application over the store the settings name, which is migrated first."""
    backend = open_backend(settings, clock)
    stall = settings.stall if settings.mode is Mode.SANDBOX else None
    disturbed = faults.are_allowed(settings)
    app = FastAPI(
        title="資格確認 reference backend",
        version="1",
        docs_url=None,  # those pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        middleware=[
            Middleware(AnswerHeaders, stall=stall),
            *([Middleware(faults.SpoiledAnswers)] if disturbed else []),
        ],
    )
    app.state.backend = backend
    app.state.asks_for_certificates = False
    install_problem_handlers(app)
    app.include_router(api.health_router)
    app.include_router(api.router, dependencies=[Depends(faults.do_as_ordered)] if disturbed else [])
    for pages in (portal.router, portal_accounts.router, web_service.router, administration.router):
        app.include_router(pages)
    app.include_router(style_router)
    app.include_router(unknown_pages())
    return app


def create_administration(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The administration's pages alone, for a server that lets nobody connect without a certificate."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_lifespan)
    app.add_middleware(AnswerHeaders)
    app.state.backend = open_backend(settings, clock)
    app.state.asks_for_certificates = True
    install_problem_handlers(app)
    for pages in (administration.router, style_router, unknown_pages()):
        app.include_router(pages)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    backend: Backend = app.state.backend
    current_default_thread_limiter().total_tokens = CONNECTIONS
    ending = asyncio.Event()
    forgetting = asyncio.create_task(_forget(backend, ending))
    yield
    ending.set()
    await forgetting  # not cancelled: its thread would go on with a connection nobody closes
    backend.store.engine.dispose()


async def _forget(backend: Backend, ending: asyncio.Event) -> None:
    while not ending.is_set():
        with suppress(SQLAlchemyError):  # the next minute tries again; calls report a store that is gone
            await run_in_threadpool(purge, backend.store, backend.clock())
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), PURGE_INTERVAL)
