"""What the commands share: where the data lies, and how it is opened."""

import argparse
import os
from pathlib import Path

from platformdirs import user_data_path

from myna_backend.backend import Backend, open_backend
from myna_backend.settings import Settings, SettingsError, Stall, load_settings

STALL_VARIABLE = "MYNA_BACKEND_STALL"
DATABASE_FILE = "backend.sqlite3"
_NO_ISSUER = "https://localhost"
"""Stands where a command issues nothing."""


def common_options() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=user_data_path("myna-backend"), metavar="DIR")
    common.add_argument("--database", metavar="URL", help="sqlite:///… or postgresql://…; a file in --data by default")
    return common


def open_of(options: argparse.Namespace) -> Backend:
    return open_backend(settings_of(options, _NO_ISSUER))


def settings_of(options: argparse.Namespace, address: str, issuer: str | None = None) -> Settings:
    data: Path = options.data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    stall = os.environ.get(STALL_VARIABLE)
    given = {
        "issuer": issuer and issuer.rstrip("/"),
        "database": options.database,
        "stall": _stall(stall) if stall else None,
    }
    fallback = {"issuer": address, "database": f"sqlite:///{data / DATABASE_FILE}"}
    return load_settings(data, {key: value for key, value in given.items() if value is not None}, fallback)


def _stall(text: str) -> Stall:
    call, _, seconds = text.partition(":")
    try:
        return Stall(call, float(seconds))
    except ValueError:
        raise SettingsError(f"{STALL_VARIABLE} is <call>:<seconds>") from None
