"""What readers see of an output: its items' ids, feeds and news times, as its own JSON Feed tells them. Pure.

Read back from what is published, so that it is also there without a daemon, and true after any change of
the config. To read more of it: a field here, which core/formats/json_feed.py writes.
"""

import json
from datetime import datetime
from typing import NamedTuple


class Shown(NamedTuple):
    """One item that an output shows; `id` is without `urn:uuid:`."""

    id: str
    feed_url: str
    news_at: datetime


Listing = tuple[Shown, ...]
"""The items of one output, in its order."""


def listing_of(json_feed: bytes) -> Listing:
    """The items of an output in its JSON format; ValueError or KeyError where it is none of ours."""
    return tuple(
        Shown(
            item["id"].removeprefix("urn:uuid:"),
            item["_aggregator"]["feed_url"],
            datetime.fromisoformat(item["_aggregator"]["news_at"]),
        )
        for item in json.loads(json_feed)["items"]
    )
