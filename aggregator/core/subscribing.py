"""WebSub by the letter of the W3C Recommendation (w3.org/TR/websub), as a subscriber. Pure.

What a feed names as its hub, what a hub is asked for and when again, which of its verifications we asked for,
and which of its pushes are signed. A hub is a stranger that a stranger named: it gets an address that nobody
can guess, and what it sends counts only with a signature.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from aggregator.core.schedule import Push
from aggregator.core.urls import absolute, login_apart
from aggregator.core.websub import Form
from aggregator.model import Answer, ParsedFeed, Subscription, SubscriptionState

LEASE = timedelta(days=10)  # what we ask for; what we get is the hub's to say (§5.1)
LONGEST_LEASE = timedelta(days=365)
RENEWED_AFTER = 0.75  # of the lease
SOONEST_RENEWAL = timedelta(minutes=5)  # a hub that grants less has its feed polled in between
FIRST_PAUSE = timedelta(minutes=10)  # until a hub that has not confirmed is asked again; doubled each time
LONGEST_PAUSE = timedelta(days=1)
LAST_ASKS = 3  # to end a subscription; then it may lapse
DIGESTS = frozenset({"sha1", "sha256", "sha384", "sha512"})  # §8
MAX_REASON = 200  # characters of what a hub says

_LINK = re.compile(r'<([^<>]*)>((?:[^,"<>]|"(?:[^"\\]|\\.)*+")*+)')
_REL = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed can be had by pushes: from this hub, under this name of its own."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a hub that verifies hears, and what becomes of the subscription; None where it is over."""

    challenge: str
    after: Subscription | None


# -- what a feed offers (§4) ------------------------------------------------------------------------------


def offered(answer: Answer, parsed: ParsedFeed) -> Offer | None:
    """The first hub that the answer names, and what it calls itself: Link headers count before the document.

    None where either is missing: what has no name of its own cannot be subscribed to.
    """
    links = list(_links(answer.link))
    hub, topic = (_linked(links, relation, answer.url) for relation in ("hub", "self"))
    hub, topic = hub or next(iter(parsed.hubs), None), topic or parsed.self_url
    return Offer(login_apart(hub)[0], topic) if hub and topic else None


def _linked(links: list[tuple[str, list[str]]], relation: str, base: str) -> str | None:
    found = (absolute(target, base) for target, relations in links if relation in relations)
    return next(filter(None, found), None)


def _links(header: str) -> Iterator[tuple[str, list[str]]]:
    """Targets and relations of a Link header (RFC 8288 §3)."""
    for target, parameters in _LINK.findall(header):
        if relation := _REL.search(parameters):
            yield target, (relation[1] or relation[2] or "").lower().split()


# -- asking a hub (§5) ------------------------------------------------------------------------------------


def begun(
    feed_id: int, home: str, offer: Offer, *, callback: str, secret: str, now: datetime
) -> Subscription:
    """A subscription that is to be asked for."""
    return Subscription(
        feed_id=feed_id,
        home=home,
        hub=offer.hub,
        topic=offer.topic,
        callback=callback,
        secret=secret,
        state=SubscriptionState.WANTED,
        next_ask_at=now,
    )


def asked(one: Subscription, now: datetime) -> Subscription:
    """The subscription once its hub is asked: if that leads to nothing, it is asked again after a pause."""
    pause = min(FIRST_PAUSE * (1 << min(one.asks, 16)), LONGEST_PAUSE)
    return replace(one, asks=one.asks + 1, next_ask_at=now + pause, problem=None)


def request(one: Subscription) -> Form:
    """What its hub is asked for."""
    leaving = one.state is SubscriptionState.LEAVING
    named = (("hub.callback", one.callback), ("hub.topic", one.topic))
    if leaving:
        return (("hub.mode", "unsubscribe"), *named)
    lease = str(int(LEASE.total_seconds()))
    return (("hub.mode", "subscribe"), *named, ("hub.lease_seconds", lease), ("hub.secret", one.secret))


def left(one: Subscription, now: datetime) -> Subscription | None:
    """The subscription when it is wanted no more; None where the hub never heard of it."""
    if one.state is SubscriptionState.LEAVING:
        return one
    known = one.state is SubscriptionState.ACTIVE or one.asks
    return replace(one, state=SubscriptionState.LEAVING, asks=0, next_ask_at=now) if known else None


def is_given_up(one: Subscription) -> bool:
    """Whether a hub that does not confirm the end is asked no more."""
    return one.state is SubscriptionState.LEAVING and one.asks >= LAST_ASKS


# -- what a hub asks (§5.2, §5.3) -------------------------------------------------------------------------


def confirmation(one: Subscription, query: Mapping[str, str], now: datetime) -> Confirmation | None:
    """The answer to a verification of intent, or to a denial; None to what we did not ask for.

    What is in force may be verified again: hubs do so where our answer was lost, and to renew by themselves.
    """
    if query.get("hub.topic") != one.topic:
        return None
    mode, challenge = query.get("hub.mode"), query.get("hub.challenge", "")
    if mode == "denied" and one.state is not SubscriptionState.LEAVING:
        return Confirmation("", _denied(one, query.get("hub.reason", ""), now))
    if not challenge or not (one.asks or one.state is SubscriptionState.ACTIVE):
        return None
    if mode == "unsubscribe" and one.state is SubscriptionState.LEAVING:
        return Confirmation(challenge, None)
    if mode == "subscribe" and one.state is not SubscriptionState.LEAVING:
        return Confirmation(challenge, _confirmed(one, query.get("hub.lease_seconds", ""), now))
    return None


def _confirmed(one: Subscription, lease_seconds: str, now: datetime) -> Subscription:
    lease = _lease(lease_seconds)
    return replace(
        one,
        state=SubscriptionState.ACTIVE,
        asks=0,
        lease_until=now + lease,
        next_ask_at=now + max(lease * RENEWED_AFTER, SOONEST_RENEWAL),
        problem=None,
    )


def _denied(one: Subscription, reason: str, now: datetime) -> Subscription:
    """Asked again a day later: what a hub denies today it may grant then."""
    why = f"denied: {reason[:MAX_REASON]}" if reason else "denied"
    return replace(
        one, state=SubscriptionState.DENIED, next_ask_at=now + LONGEST_PAUSE, lease_until=None, problem=why
    )


def _lease(text: str) -> timedelta:
    """What the hub grants; older ones do not say it."""
    return min(timedelta(seconds=int(text)), LONGEST_LEASE) if re.fullmatch(r"[0-9]{1,9}", text) else LEASE


# -- what a hub sends (§7, §8) ----------------------------------------------------------------------------


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether X-Hub-Signature shows that the sender of this body knows the secret."""
    method, _, told = signature.strip().partition("=")
    if method.lower() not in DIGESTS:
        return False
    ours = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(ours.encode(), told.lower().encode())


def push_of(one: Subscription, now: datetime) -> Push | None:
    """The push that a feed may rely on: within its lease, and proven by what it brought.

    Since a poll found what the hub had not sent, it has to prove itself anew.
    """
    if one.state is not SubscriptionState.ACTIVE or not one.lease_until or one.lease_until <= now:
        return None
    proven = one.pushed_at and (not one.missed_at or one.pushed_at > one.missed_at)
    return Push(host(one.hub), one.lease_until) if proven else None


def host(hub: str) -> str:
    """What to call a hub: the rest of its address may hold a key."""
    return urlsplit(hub).hostname or ""
