"""Whom TLS trusts: the operating system's own list, or one authority that a policy names in its place."""

import ssl
from pathlib import Path

import truststore


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or later, certificate and host name checked. Raises `OSError` when `ca_file` cannot be read."""
    context: ssl.SSLContext
    if ca_file is None:
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
