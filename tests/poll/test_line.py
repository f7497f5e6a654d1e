"""Our own line over many polls: what it costs to watch it."""

from collections.abc import Iterator
from datetime import timedelta

from aggregator.core.settings import FeedSettings, Plan, Settings
from aggregator.model import Answer
from aggregator.poll.line import OwnLine
from tests.builders import NOON, a_feed

LOST = Answer(url="x", error="no such host", unreached=True)
ANSWERED = Answer(url="x", status=304)


class Counted(tuple[FeedSettings, ...]):
    """Feeds that count how often somebody goes through them all."""

    reads: list[None]

    def __iter__(self) -> Iterator[FeedSettings]:
        self.reads.append(None)
        return super().__iter__()


def the_feeds(*hosts: str) -> Counted:
    feeds = Counted(FeedSettings(url=f"https://{host}.example/rss") for host in hosts)
    feeds.reads = []
    return feeds


def test_a_poll_does_not_go_through_all_the_feeds_of_the_config() -> None:
    feeds = the_feeds("a", "b")
    line, plan = OwnLine(), Plan(Settings(feeds=feeds), {})

    for number in range(20):
        line.heard(a_feed(id=number), ANSWERED if number % 2 else LOST, plan, now=NOON)

    assert len(feeds.reads) <= 1


def test_another_config_has_other_hosts() -> None:
    line = OwnLine()
    many = Plan(Settings(feeds=the_feeds("a", "b", "c", "d")), {})
    few = Plan(Settings(feeds=the_feeds("a", "b")), {})

    line.heard(a_feed(id=1, url="https://a.example/rss"), LOST, many, now=NOON)
    line.heard(a_feed(id=2, url="https://b.example/rss"), LOST, many, now=NOON)
    with_many = line.down_since
    line.heard(a_feed(id=2, url="https://b.example/rss"), LOST, few, now=NOON + timedelta(seconds=1))

    assert (with_many, line.down_since) == (None, NOON)
