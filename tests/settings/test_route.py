"""The way to the backend."""

import pytest

from myna_app.settings.layers import Layer, Source
from myna_app.settings.loader import merge
from myna_app.settings.route import Route, route, system_proxy


def _route(**values: object) -> Route:
    layer = Layer(Source.POLICY, "policy.toml", {"backend_url": "https://backend.example", **values})
    return route(merge([layer]), "policy.toml", frozen=False)


def test_a_proxy_is_used_only_as_the_mode_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://system.example:1")
    monkeypatch.setenv("no_proxy", "inside.example")
    proxy = "http://own.example:2"
    assert _route(proxy_mode="none", proxy=proxy).proxy is None
    assert _route(proxy_mode="manual", proxy=proxy).proxy == proxy
    assert _route(proxy=proxy).proxy == "http://system.example:1"
    assert system_proxy("inside.example", frozen=False) is None
    assert system_proxy("backend.example", frozen=True) is None


def test_user_and_password_are_quoted_into_the_proxys_address() -> None:
    made = _route(proxy_mode="manual", proxy="http://own.example:2", proxy_user="DOM\\me")
    assert made.proxy_url("p@:/ss") == "http://DOM%5Cme:p%40%3A%2Fss@own.example:2"
    assert _route(proxy_mode="manual", proxy="http://own.example:2").proxy_url("unused") == "http://own.example:2"
