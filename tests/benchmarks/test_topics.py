"""What the benchmark of topics counts."""

from aggregator.core.topics import TOPICS
from benchmarks.topics.__main__ import scored
from benchmarks.topics.words import SEEDS

MAPPING = {"Sports": ["sport"], "Business": ["economy-business-and-finance"]}
LINES = [
    {"title": "Striker scores as champions win the cup final", "summary": "", "topic": "Sports"},
    {"title": "Shares fall as bank warns of lower profit", "summary": "", "topic": "Sports"},
    {"title": "Pope meets bishops and Catholic pilgrims in church", "summary": "", "topic": "Business"},
    {"title": "", "summary": "", "topic": "Business"},
]


def test_silence_and_topics_without_a_label_are_wrong() -> None:
    told = scored(LINES, MAPPING, 0.5)

    assert told["micro_f1"] == 0.25
    assert told["coverage"] == 0.75


def test_every_topic_has_its_words() -> None:
    assert [f"topic/{topic}" for topic in SEEDS] == list(TOPICS)
