"""Where hubs verify subscriptions and send what is new (w3.org/TR/websub §5.3, §7). One address for each.

The only address that takes a POST. Knows HTTP and who may be slow; what a token opens is the daemon's to say.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

_SECONDS = 30.0  # for the body of a push
_HEADERS = {"Cache-Control": "no-store"}


class Callbacks(Protocol):
    """Our end of the subscriptions, by the token in their address."""

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:
        """What a hub that verifies is to hear; None for what we did not ask for."""
        ...

    async def deliver(
        self, token: str, headers: Mapping[str, str], chunks: AsyncIterator[bytes]
    ) -> HTTPStatus:
        """What to answer to a push; who sent it hears no more."""
        ...


def callback_route(callbacks: Callbacks, seconds: float = _SECONDS) -> Route:
    """The address of all callbacks; a push may take so long."""

    async def answer(request: Request) -> Response:
        token = request.path_params["token"]
        if request.method == "POST":
            return await _delivered(callbacks, token, request, seconds)
        challenge = await callbacks.confirm(token, request.query_params)
        if challenge is None:
            return Response(None, HTTPStatus.NOT_FOUND, _HEADERS)
        return Response(challenge, HTTPStatus.OK, _HEADERS, "text/plain")

    return Route("/websub/{token}", answer, methods=["GET", "POST"])


async def _delivered(callbacks: Callbacks, token: str, request: Request, seconds: float) -> Response:
    try:
        async with asyncio.timeout(seconds):
            status = await callbacks.deliver(token, request.headers, request.stream())
    except TimeoutError:
        status = HTTPStatus.REQUEST_TIMEOUT
    except ClientDisconnect:
        status = HTTPStatus.BAD_REQUEST  # nobody hears it
    later = {"Retry-After": "60"} if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(None, status, {**_HEADERS, **later})
