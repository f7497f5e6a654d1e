"""A subscription at a hub, by which the news of a feed comes without being asked for (w3.org/TR/websub)."""

from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.words import SubscriptionState


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A row of `subscriptions`. Neither `callback` nor `secret` is anybody's business but the hub's."""

    feed_id: int
    home: str
    """the feed's address in the config: by that is judged which hub it may lead to"""
    hub: str
    topic: str
    """what the feed calls itself: that is what is subscribed to"""
    callback: str = field(repr=False)
    """our address for this hub and this topic alone, which nobody can guess"""
    secret: str = field(repr=False)
    """what the hub signs with"""
    state: SubscriptionState
    asks: int = 0
    """how often the hub was asked since it last confirmed what it was asked for"""
    next_ask_at: datetime
    lease_until: datetime | None = None
    """until when the hub sends what is new; None before it has confirmed"""
    pushed_at: datetime | None = None
    """when it last did"""
    missed_at: datetime | None = None
    """when a poll last found news that the hub had not sent"""
    problem: str | None = None
    """why the hub did not take, or denied, what it was asked for"""
