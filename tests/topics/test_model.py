"""The model that ships with the program."""

import pytest

from aggregator.core.settings import Settings
from aggregator.core.topics import NO_MODEL, TOPICS
from aggregator.topics import model, model_for


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Striker scores twice as champions win the cup final", "topic/sport"),
        ("Senate votes on bill after president's speech to congress", "topic/politics"),
        ("Shares fall as bank warns of lower quarterly profit", "topic/economy-business-and-finance"),
        ("Police arrest man charged with murder after court hearing", "topic/crime-law-and-justice"),
        ("Hospital doctors test a vaccine for patients with malaria", "topic/health"),
        ("Scientists launch a satellite with new software and computers", "topic/science-and-technology"),
        ("Actress wins an award for her film about a singer", "topic/arts-culture-entertainment-and-media"),
        ("Pope meets bishops and prays with Catholic pilgrims in a church", "topic/religion"),
    ],
)
def test_plain_news_gets_its_topic(text: str, topic: str) -> None:
    found = model().topic(text)

    assert found is not None
    assert found[0] == topic


def test_the_model_weighs_every_topic() -> None:
    assert len(model().bias) == len(TOPICS)
    assert len(model().weights) > 20_000


def test_a_config_without_topics_reads_no_model() -> None:
    assert model_for(Settings()) is NO_MODEL
    assert model_for(Settings(topics=0.6)) is model()
