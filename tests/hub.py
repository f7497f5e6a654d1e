"""A WebSub hub for tests, by the letter of the W3C Recommendation (w3.org/TR/websub), on real sockets.

It checks what it is asked for, verifies the intent of whoever asks, and signs what it sends. What a test
wants otherwise (a denial, another lease, a wrong signature) is a field or an argument.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx

from tests.http import Asked, WebServer, reply, serving

PATH = "/hub"


@dataclass
class Subscriber:
    """One who is subscribed, as the hub knows him."""

    callback: str
    topic: str
    secret: str
    lease_seconds: int


@dataclass
class Hub:
    """A hub at `url`. `subscribers` are those whose intent is verified."""

    web: WebServer
    lease_seconds: int = 864_000
    denies: str | None = None
    """the reason for which every subscription is denied"""
    subscribers: dict[str, Subscriber] = field(default_factory=dict)
    """by callback"""
    forms: list[dict[str, str]] = field(default_factory=list)
    """what it was asked for"""
    verified: list[tuple[str, int]] = field(default_factory=list)
    """mode and status of each verification"""
    _at_work: set["asyncio.Task[None]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.web.on(PATH, self._asked)

    @property
    def url(self) -> str:
        return self.web.url + PATH

    async def _asked(self, writer: asyncio.StreamWriter) -> None:
        """§5.1: a request that lacks something is refused, another accepted and then verified."""
        asked = next(one for one in reversed(self.web.asked) if one.path == PATH)
        form = dict(parse_qsl(asked.body.decode()))
        self.forms.append(form)
        if not _is_sound(asked, form):
            writer.write(reply(400, b"this is no request of WebSub"))
            return
        writer.write(reply(202))
        await writer.drain()
        task = asyncio.create_task(self._verify(form))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _verify(self, form: dict[str, str]) -> None:
        """§5.2, §5.3: a denial, or the verification of intent."""
        callback, topic, mode = (form[f"hub.{name}"] for name in ("callback", "topic", "mode"))
        if self.denies is not None and mode == "subscribe":
            await self.deny(callback, topic, self.denies)
            return
        challenge = secrets.token_urlsafe()
        query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": challenge}
        if mode == "subscribe":
            query["hub.lease_seconds"] = str(self.lease_seconds)
        answer = await ask(callback, query)
        self.verified.append((mode, answer.status_code))
        if not answer.is_success or answer.text != challenge:
            return
        if mode == "unsubscribe":
            self.subscribers.pop(callback, None)
        else:
            secret = form.get("hub.secret", "")
            self.subscribers[callback] = Subscriber(callback, topic, secret, self.lease_seconds)

    async def deny(self, callback: str, topic: str, reason: str) -> httpx.Response:
        """§5.2: it may come at any time."""
        self.subscribers.pop(callback, None)
        return await ask(callback, {"hub.mode": "denied", "hub.topic": topic, "hub.reason": reason})

    async def push(
        self, body: bytes, *, method: str = "sha256", signature: str | None = None, **headers: str
    ) -> list[int]:
        """§7, §8: send this to all who are subscribed, signed; what each answered."""
        statuses = []
        async with httpx.AsyncClient(trust_env=False) as client:
            for one in list(self.subscribers.values()):
                signed = hmac.new(one.secret.encode(), body, getattr(hashlib, method)).hexdigest()
                said = {
                    "Content-Type": "application/rss+xml",
                    "Link": f'<{self.url}>; rel="hub", <{one.topic}>; rel="self"',
                    "X-Hub-Signature": f"{method}={signed}" if signature is None else signature,
                    **headers,
                }
                answer = await client.post(one.callback, content=body, headers=said)
                statuses.append(answer.status_code)
                if answer.status_code == 410:
                    del self.subscribers[one.callback]
        return statuses


def _is_sound(asked: Asked, form: dict[str, str]) -> bool:
    """§5.1: a POST of a form with what is required, a secret below 200 bytes, a lease that is a number."""
    required = {"hub.callback", "hub.mode", "hub.topic"}
    return (
        asked.method == "POST"
        and asked.headers.get("content-type") == b"application/x-www-form-urlencoded"
        and required <= form.keys()
        and form["hub.mode"] in ("subscribe", "unsubscribe")
        and len(form.get("hub.secret", "")) < 200
        and form.get("hub.lease_seconds", "1").isdecimal()
    )


async def ask(callback: str, query: dict[str, str]) -> httpx.Response:
    """A GET of the callback with this query beside its own."""
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(callback, params=query)


@asynccontextmanager
async def a_hub(**changes: object) -> AsyncIterator[Hub]:
    """A hub on a free port of this machine."""
    async with serving() as web:
        yield Hub(web, **changes)  # type: ignore[arg-type]  # fields of Hub
