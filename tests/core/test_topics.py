"""What the model of topics says, and when it keeps silent."""

from dataclasses import replace

import pytest

from aggregator.core.topics import FEWEST_WORDS, NOTHING, TOPICS, Model, packed, topic_tag, words_of
from aggregator.model import Origin, Tag
from tests.builders import a_story, an_entry

SPORT, POLITICS = "topic/sport", "topic/politics"


def weighing(**by_topic: int) -> int:
    return packed(NOTHING + by_topic.get(topic.removeprefix("topic/"), 0) for topic in TOPICS)


MODEL = Model(
    {
        "goal": weighing(sport=100),
        "cup": weighing(sport=90, politics=-20),
        "offside": weighing(sport=5),
        "vote": weighing(politics=100),
        "loss": weighing(politics=5),
        "talks": weighing(),
    },
    bias=(0.0,) * len(TOPICS),
    scale=0.1,
    edition=1,
)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Goal: the talks after the vote's offside", SPORT),
        ("The VOTE’s loss, the talks", POLITICS),
        ("vote loss cup goal", SPORT),
        ("vote talks cup", SPORT),
    ],
    ids=["words", "capitals and 's do not count", "the sum decides", "weights below nothing count against"],
)
def test_a_text_s_words_say_what_it_is_about(text: str, topic: str) -> None:
    found = MODEL.topic(text)

    assert found is not None
    assert found[0] == topic


def test_confidence_grows_with_what_speaks_for_a_topic() -> None:
    weak, strong = MODEL.topic("goal vote talks cup"), MODEL.topic("goal cup talks")

    assert weak is not None
    assert strong is not None
    assert 1 / len(TOPICS) < weak[1] < strong[1] <= 1


@pytest.mark.parametrize("text", ["", "goal cup", "goal goal goal", "2014 1 2 3 4"])
def test_fewer_words_than_a_text_needs_say_nothing(text: str) -> None:
    assert FEWEST_WORDS == 3
    assert MODEL.topic(text) is None


def test_only_the_beginning_of_a_text_is_read() -> None:
    assert words_of("goal " + "x" * 600 + " vote") >= {"goal"}
    assert "vote" not in words_of("goal " + "x " * 600 + " vote")


def test_a_text_as_long_as_is_read_overflows_no_lane() -> None:
    top = packed([255] * len(TOPICS))
    words = [f"{one}{two}" for one in "abcdefghijklmnopq" for two in "abcdefghij"]
    model = Model(dict.fromkeys(words, top), (0.0,) * len(TOPICS), 0.1, 1)

    found = model.topic(" ".join(words))

    assert found is not None
    assert found[1] == pytest.approx(1 / len(TOPICS))


def test_a_story_s_topic_names_the_model_and_how_sure_it_is() -> None:
    story = a_story(an_entry(title="Goal in the cup final", summary="<p>Talks end</p>"))

    tag = topic_tag(story, MODEL, 0.5)

    assert tag == Tag(SPORT, Origin.MODEL, "model, 1.00")


def test_below_the_threshold_the_model_is_silent() -> None:
    story = a_story(an_entry(title="Goal, vote, cup", summary="talks"))

    assert topic_tag(story, MODEL, 1.0) is None


@pytest.mark.parametrize(
    ("title", "lang"), [("Goal cup talks", "de"), ("Das Tor und der Pokal ist im Ziel", None)]
)
def test_in_another_language_than_english_the_model_is_silent(title: str, lang: str | None) -> None:
    story = replace(a_story(an_entry(title=title, summary="goal cup talks")), lang=lang)

    assert topic_tag(story, MODEL, 0.0) is None
