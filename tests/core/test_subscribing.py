"""WebSub as rules: what a feed offers, what a hub is asked, and what of all that it says counts."""

import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core import subscribing
from aggregator.core.schedule import Push
from aggregator.core.subscribing import Confirmation, Offer
from aggregator.model import Answer, Subscription, SubscriptionState
from tests.builders import NOON, a_parsed_feed

URL = "https://news.example.org/rss"
HUB = "https://hub.example.org/"
SELF = "https://news.example.org/feed"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WANTED, ACTIVE, DENIED, LEAVING = SubscriptionState
BEGUN = subscribing.begun(
    7, URL, Offer(HUB, SELF), callback="https://me.example/websub/x", secret="s", now=NOON
)
ASKED = subscribing.asked(BEGUN, NOON)
IN_FORCE = replace(
    ASKED, state=ACTIVE, asks=0, lease_until=NOON + 10 * DAY, next_ask_at=NOON + 7.5 * DAY, pushed_at=NOON
)
ENDING = replace(ASKED, state=LEAVING)


@pytest.mark.parametrize(
    ("link", "hubs", "self_url", "offer"),
    [
        ("", (HUB, "https://second.example/"), SELF, Offer(HUB, SELF)),
        (f'<{HUB}>; rel="hub", <{SELF}>; rel="self"', (), None, Offer(HUB, SELF)),
        (f"<{HUB}>;rel=hub,<{SELF}>;rel=self", (), None, Offer(HUB, SELF)),
        (f'<{HUB}>; title="a, <b>"; REL="x HUB", </feed>; rel=self', (), None, Offer(HUB, SELF)),
        (f"<{HUB}>; rel=hub", ("https://other.example/",), SELF, Offer(HUB, SELF)),
        (f'<https://one.example/>; type="a", <{HUB}>; rel=hub', (), SELF, Offer(HUB, SELF)),
        ("<mailto:x@y.example>; rel=hub", (HUB,), SELF, Offer(HUB, SELF)),
        ("", ("https://me:key@hub.example.org/",), SELF, Offer(HUB, SELF)),
        ("", (HUB,), None, None),
        ("", (), SELF, None),
        ("no link at all", (), None, None),
    ],
    ids=[
        "the first hub of the document",
        "both in the header",
        "with neither quotes nor spaces",
        "among other words, relative",
        "the header before the document",
        "a link without a relation is passed over",
        "a hub that is no web address is none",
        "nobody's login is sent",
        "without a name of its own",
        "without a hub",
        "nothing",
    ],
)
def test_what_a_feed_offers(link: str, hubs: tuple[str, ...], self_url: str | None, offer: object) -> None:
    found = subscribing.offered(Answer(url=URL, link=link), a_parsed_feed(hubs=hubs, self_url=self_url))

    assert found == offer


def test_a_hub_is_asked_for_ten_days_and_signatures() -> None:
    assert dict(subscribing.request(BEGUN)) == {
        "hub.mode": "subscribe",
        "hub.callback": "https://me.example/websub/x",
        "hub.topic": SELF,
        "hub.lease_seconds": "864000",
        "hub.secret": "s",
    }


def test_to_end_it_neither_is_said() -> None:
    assert dict(subscribing.request(ENDING)) == {
        "hub.mode": "unsubscribe",
        "hub.callback": "https://me.example/websub/x",
        "hub.topic": SELF,
    }


@pytest.mark.parametrize(
    ("asks", "pause"), [(0, 10 * MINUTE), (1, 20 * MINUTE), (2, 40 * MINUTE), (8, DAY), (99_999, DAY)]
)
def test_a_hub_that_does_not_confirm_is_asked_ever_more_seldom(asks: int, pause: timedelta) -> None:
    after = subscribing.asked(replace(BEGUN, asks=asks, problem="HTTP 500"), NOON)

    assert (after.asks, after.next_ask_at, after.problem) == (asks + 1, NOON + pause, None)


@pytest.mark.parametrize(
    ("one", "after"),
    [
        (BEGUN, None),
        (ASKED, replace(ASKED, state=LEAVING, asks=0, next_ask_at=NOON)),
        (IN_FORCE, replace(IN_FORCE, state=LEAVING, next_ask_at=NOON)),
        (ENDING, ENDING),
    ],
    ids=["never asked for", "asked for", "in force", "on its way out"],
)
def test_what_is_wanted_no_more_is_left(one: Subscription, after: Subscription | None) -> None:
    assert subscribing.left(one, NOON) == after


@pytest.mark.parametrize(("state", "asks", "given_up"), [(LEAVING, 2, 0), (LEAVING, 3, 1), (WANTED, 9, 0)])
def test_a_hub_that_does_not_let_go_is_asked_three_times(
    state: SubscriptionState, asks: int, given_up: int
) -> None:
    assert subscribing.is_given_up(replace(BEGUN, state=state, asks=asks)) is bool(given_up)


def confirmed(one: Subscription, **query: str) -> Confirmation | None:
    """What a hub hears that says this of the topic."""
    said = {"topic": SELF, "challenge": "c", **query}
    return subscribing.confirmation(one, {f"hub.{name}": value for name, value in said.items()}, NOON)


@pytest.mark.parametrize(
    ("lease", "granted", "renewed"),
    [
        ("864000", 10 * DAY, 7.5 * DAY),
        ("60", MINUTE, 5 * MINUTE),
        ("0", timedelta(0), 5 * MINUTE),
        ("999999999", 365 * DAY, 273.75 * DAY),
        ("", 10 * DAY, 7.5 * DAY),
        ("-1", 10 * DAY, 7.5 * DAY),
        ("9" * 10, 10 * DAY, 7.5 * DAY),
        ("٣", 10 * DAY, 7.5 * DAY),
    ],
    ids=["as asked", "short", "none", "endless", "unsaid", "negative", "absurd", "no ASCII"],
)
@pytest.mark.parametrize("one", [ASKED, IN_FORCE], ids=["asked for", "in force"])
def test_a_lease_is_what_the_hub_grants(
    one: Subscription, lease: str, granted: timedelta, renewed: timedelta
) -> None:
    found = confirmed(one, mode="subscribe", lease_seconds=lease)

    assert found == Confirmation(
        "c",
        replace(one, state=ACTIVE, asks=0, lease_until=NOON + granted, next_ask_at=NOON + renewed),
    )


def test_the_end_is_confirmed() -> None:
    assert confirmed(ENDING, mode="unsubscribe") == Confirmation("c", None)


@pytest.mark.parametrize(
    ("one", "query"),
    [
        (ASKED, {"mode": "subscribe", "topic": URL}),
        (ASKED, {"mode": "subscribe", "challenge": ""}),
        (BEGUN, {"mode": "subscribe"}),
        (ENDING, {"mode": "subscribe"}),
        (IN_FORCE, {"mode": "unsubscribe"}),
        (replace(ENDING, asks=0), {"mode": "unsubscribe"}),
        (ASKED, {"mode": "publish"}),
        (IN_FORCE, {}),
        (ENDING, {"mode": "denied", "challenge": ""}),
    ],
    ids=[
        "another topic",
        "no challenge",
        "nobody was asked yet",
        "what we want to end",
        "an end that we do not want",
        "an end that nobody was asked for yet",
        "another mode",
        "no mode",
        "denied, but we leave",
    ],
)
def test_what_we_did_not_ask_for_is_not_confirmed(one: Subscription, query: dict[str, str]) -> None:
    assert confirmed(one, **query) is None


@pytest.mark.parametrize(
    ("reason", "told"),
    [("too many", "denied: too many"), ("x" * 999, f"denied: {'x' * 200}"), ("", "denied")],
)
def test_what_is_denied_is_asked_for_a_day_later(reason: str, told: str) -> None:
    found = confirmed(IN_FORCE, mode="denied", challenge="", reason=reason)

    after = replace(IN_FORCE, state=DENIED, next_ask_at=NOON + DAY, lease_until=None, problem=told)
    assert found == Confirmation("", after)


def test_a_denial_without_a_reason_says_no_more() -> None:
    found = confirmed(ASKED, mode="denied")

    assert found == Confirmation("", replace(ASKED, state=DENIED, next_ask_at=NOON + DAY, problem="denied"))


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_a_body_is_signed_with_the_secret(method: str) -> None:
    digest = hmac.new(b"s", b"body", getattr(hashlib, method.lower())).hexdigest()

    assert subscribing.is_signed(b"body", f"{method}={digest}", "s")
    assert subscribing.is_signed(b"body", f" {method}={digest.upper()} ", "s")
    assert not subscribing.is_signed(b"other", f"{method}={digest}", "s")
    assert not subscribing.is_signed(b"body", f"{method}={digest}", "t")
    assert not subscribing.is_signed(b"body", f"{method}={digest[:-1]}", "s")


@pytest.mark.parametrize("signature", ["", "sha256", "sha256=", "sha256=é", "=", "blake2b=00", "new=00"])
def test_anything_else_is_no_signature(signature: str) -> None:
    assert not subscribing.is_signed(b"body", signature, "s")


def test_md5_is_no_signature_even_where_it_is_right() -> None:
    digest = hmac.new(b"s", b"body", "md5").hexdigest()

    assert not subscribing.is_signed(b"body", f"md5={digest}", "s")


@pytest.mark.parametrize(
    ("changes", "relied_on"),
    [
        ({}, True),
        ({"missed_at": NOON - MINUTE}, True),
        ({"missed_at": NOON}, False),
        ({"missed_at": NOON + MINUTE}, False),
        ({"pushed_at": None}, False),
        ({"lease_until": NOON + MINUTE}, False),
        ({"lease_until": None}, False),
        ({"state": DENIED}, False),
        ({"state": LEAVING}, False),
    ],
    ids=[
        "it brought something",
        "it missed something before that",
        "at that moment",
        "and after that",
        "it never brought anything",
        "its lease is over",
        "it has none",
        "denied",
        "on its way out",
    ],
)
def test_a_feed_relies_on_a_hub_that_keeps_its_word(changes: dict[str, Any], relied_on: bool) -> None:
    push = subscribing.push_of(replace(IN_FORCE, **changes), NOON + MINUTE)

    assert push == (Push("hub.example.org", NOON + 10 * DAY) if relied_on else None)


def test_a_hub_is_called_by_its_host_alone() -> None:
    assert subscribing.host("https://hub.example.org:8443/?key=secret") == "hub.example.org"
    assert subscribing.host("hub") == ""
