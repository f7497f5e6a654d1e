"""Why a request brought nothing, in words for people. Never a credential, never a traceback."""

import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import httpx


class FetchError(Exception):
    """A request that we end ourselves; its text is the reason."""


Told = Callable[[Any, str], str]


def _unresolved(error: socket.gaierror, host: str) -> str:
    if error.errno == socket.EAI_AGAIN:
        return f"no name server answers for {host}"
    return f"no such host: {host}"


def _no_http(error: httpx.RemoteProtocolError, host: str) -> str:
    if "buffer too long" in str(error):  # h11's words for a header beyond its limit
        return f"the header of {host} is larger than 100 kB"
    return f"{host} broke off or speaks no HTTP: {error}"


REASONS: tuple[tuple[type[BaseException], Told], ...] = (
    (FetchError, lambda error, _: str(error)),
    (
        ssl.SSLCertVerificationError,
        lambda e, host: f"no trust in the certificate of {host}: {e.verify_message}",
    ),
    (ssl.SSLError, lambda error, host: f"no secure connection to {host}: {error.reason or error}"),
    (socket.gaierror, _unresolved),
    (UnicodeError, lambda _, host: f"no such host: {host}"),  # a label that is empty or too long
    (ConnectionRefusedError, lambda _, host: f"{host} refuses the connection"),
    (ConnectionResetError, lambda _, host: f"{host} broke the connection"),
    (TimeoutError, lambda _, host: f"{host} does not answer in time"),
    (httpx.ProxyError, lambda error, host: f"no way to {host}: it says {error}"),
    (httpx.InvalidURL, lambda error, host: f"{host} leads to no web address: {error}"),
    (httpx.RemoteProtocolError, _no_http),
    (OSError, lambda error, host: f"no way to {host}: {error.strerror or error}"),
)
"""What lies behind a failure and how it is told, the most telling first."""


def in_words(error: BaseException, host: str) -> str:
    """The failure as one short line; `host` is the one that was asked."""
    causes = tuple(_causes(error))
    for kind, told in REASONS:
        for cause in causes:
            if isinstance(cause, kind):
                return told(cause, host)
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all behind it, also those gathered in a group (several addresses tried)."""
    while error is not None:
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        yield error
        error = error.__cause__ or error.__context__
