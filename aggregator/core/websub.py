"""WebSub by the letter of the W3C Recommendation (w3.org/TR/websub), as a publisher. Pure.

A hub hears which topics have changed, fetches them, and tells those who subscribed there. How it hears is
left open by the Recommendation; all hubs take what PubSubHubbub 0.4 §7.1 asks for, a form with `hub.mode`
and any number of `hub.url`.
"""

from collections.abc import Iterable, Iterator

from aggregator.core.settings import OutputSettings, Settings

Form = tuple[tuple[str, str], ...]

TOPICS = ("atom", "rss", "json")  # the formats that can be subscribed to
AT_ONCE = 100  # topics in one form


def hub_of(output: OutputSettings, settings: Settings) -> str:
    """The hub that tells the changes of this output; empty for a private one, of which no hub may hear."""
    return "" if output.token else settings.server.hub


def pings(topics: Iterable[str]) -> Iterator[Form]:
    """The forms that tell a hub of changes in these topics: one, and more where they are very many."""
    listed = sorted(topics)
    for begin in range(0, len(listed), AT_ONCE):
        told = listed[begin : begin + AT_ONCE]
        yield (("hub.mode", "publish"), *(("hub.url", topic) for topic in told))
