"""WebSub as rules: what a hub is told of."""

from aggregator.core import websub
from aggregator.core.settings import OutputSettings, ServerSettings, Settings

SETTINGS = Settings(server=ServerSettings(hub="https://hub.example.org/"))


def test_no_hub_hears_of_a_private_output() -> None:
    output = OutputSettings(name="a", title="A")
    private = OutputSettings(name="b", title="B", token="0123456789abcdef")

    assert websub.hub_of(output, SETTINGS) == "https://hub.example.org/"
    assert websub.hub_of(private, SETTINGS) == ""


def test_one_ping_tells_of_many_topics_and_very_many_take_more() -> None:
    topics = [f"https://news.example.org/{number:03}.atom" for number in range(150)]

    first, second = websub.pings(topics)

    assert first[:2] == (("hub.mode", "publish"), ("hub.url", topics[0]))
    assert [topic for _, topic in (*first[1:], *second[1:])] == topics
