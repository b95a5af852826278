"""One table of settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Names are the keys of the user file, of policy.toml and of the registry policy."""

    backend_url: str | None = None
    idle_lock_minutes: int = 10
    result_seconds: int = 60
    clear_on_lift: bool = False
    card_wait_seconds: int = 60
    allow_photograph: bool = False
    allow_copy: bool = True
    allow_xml_drop: bool = False
    default_reader_pattern: str | None = None
    contact: str | None = None
    language: str = "ja"
    text_size: str = "standard"
    theme: str = "system"
    sound: str = "on"
    reader: str | None = None
    terms_version: str | None = None
    terms_agreed_at: str | None = None
