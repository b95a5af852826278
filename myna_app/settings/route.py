"""The way to the backend: address, trusted authority, proxy."""

import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from myna_app.errors import Problem, SettingsError
from myna_app.settings.loader import Loaded
from myna_app.settings.table import ProxyMode, Settings


@dataclass(frozen=True, slots=True)
class Route:
    """`ca_file`: the only authority to trust, in place of the operating system's. `proxy` is without password."""

    base_url: str
    ca_file: Path | None
    proxy: str | None
    proxy_user: str | None

    def proxy_url(self, password: str | None) -> str | None:
        """`proxy` as `BackendClient` takes it, with user and password."""
        if self.proxy is None or self.proxy_user is None:
            return self.proxy
        scheme, rest = self.proxy.split("://", 1)
        return f"{scheme}://{quote(self.proxy_user, safe='')}:{quote(password or '', safe='')}@{rest}"


def route(loaded: Loaded, policy_file: str, *, frozen: bool) -> Route:
    """Raises `SettingsError`: POLICY_UNSAFE while a policy cannot be trusted, BACKEND_NOT_SET without an address."""
    settings = loaded.settings
    unsafe = next((finding for finding in loaded.findings if finding.stops_network), None)
    if unsafe is not None:
        raise SettingsError(Problem.POLICY_UNSAFE, str(unsafe), file=unsafe.place)
    if settings.backend_url is None:
        raise SettingsError(Problem.BACKEND_NOT_SET, policy_file, file=policy_file)
    return Route(
        settings.backend_url, settings.ca_file, _proxy(settings, settings.backend_url, frozen), settings.proxy_user
    )


def _proxy(settings: Settings, backend_url: str, frozen: bool) -> str | None:
    match settings.proxy_mode:
        case ProxyMode.NONE:
            return None
        case ProxyMode.MANUAL:
            return settings.proxy
        case ProxyMode.SYSTEM:
            return system_proxy(urlsplit(backend_url).hostname or "", frozen=frozen)


def system_proxy(host: str, *, frozen: bool) -> str | None:
    """The operating system's proxy for HTTPS to `host`. Where that is the environment, frozen programs use none."""
    from urllib import request  # noqa: PLC0415 - brings half of HTTP along, and the first window does not wait for that

    if sys.platform == "win32":
        # typeshed lacks these two; `getproxies` itself would ask the environment first
        bypassed: bool = request.proxy_bypass_registry(host)  # type: ignore[attr-defined] # see above
        found: dict[str, str] = request.getproxies_registry()  # type: ignore[attr-defined] # see above
    elif frozen and sys.platform != "darwin":
        bypassed, found = False, {}
    else:
        bypassed, found = bool(request.proxy_bypass(host)), request.getproxies()
    return None if bypassed else found.get("https")
