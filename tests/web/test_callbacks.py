"""A hub that is slow, or goes away, holds nobody up; see tests/app/test_subscribing.py for the rest."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from starlette.types import Message

from aggregator.web.callbacks import callback_route

PUSH = {
    "type": "http",
    "method": "POST",
    "path": "/websub/one",
    "path_params": {"token": "one"},
    "headers": [],
}


@dataclass
class Reading:
    """Our end of every subscription: takes whatever comes."""

    status: HTTPStatus = HTTPStatus.ACCEPTED

    async def confirm(self, token: str, query: Mapping[str, str]) -> str | None:  # noqa: ARG002
        return None

    async def deliver(
        self,
        token: str,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
        chunks: AsyncIterator[bytes],
    ) -> HTTPStatus:
        async for _ in chunks:
            pass
        return self.status


async def pushed(
    *coming: Message, seconds: float = 20.0, status: HTTPStatus = HTTPStatus.ACCEPTED
) -> Message:
    """How the answer to a push begins, of which this comes; and then nothing more."""
    said, waiting = list[Message](), list(coming)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    await callback_route(Reading(status), seconds).app(dict(PUSH), receive, send)
    return said[0]


@pytest.mark.parametrize(
    ("coming", "seconds", "status"),
    [
        ({"type": "http.request", "body": b"whole", "more_body": False}, 20.0, HTTPStatus.ACCEPTED),
        ({"type": "http.request", "body": b"half", "more_body": True}, 0.01, HTTPStatus.REQUEST_TIMEOUT),
        ({"type": "http.disconnect"}, 20.0, HTTPStatus.BAD_REQUEST),
    ],
    ids=["all of it", "half, and no more", "nothing, and it goes away"],
)
async def test_a_push_is_waited_for_and_not_for_ever(
    coming: Message, seconds: float, status: HTTPStatus
) -> None:
    assert (await pushed(coming, seconds=seconds))["status"] == status


async def test_a_hub_that_comes_at_a_bad_moment_hears_when_to_come_again() -> None:
    whole = {"type": "http.request", "body": b"whole", "more_body": False}

    answer = await pushed(whole, status=HTTPStatus.SERVICE_UNAVAILABLE)

    assert (b"retry-after", b"60") in answer["headers"]
