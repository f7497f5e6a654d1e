"""What a story is about, by a small model: one of the 17 top concepts of IPTC Media Topics, or nothing. Pure.

The model is a weight for each word and topic (benchmarks/topics/train.py makes it). A story's score is the
sum over the words of its title and summary, by the root of how many there are; what it says of texts in
another language than English would mean nothing, so it says nothing of them.

The 17 weights of a word are one whole number, so that those of a text are added all at once.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, sqrt
from struct import Struct

from aggregator.core.chrome import without
from aggregator.core.english import is_english
from aggregator.model import Origin, Story, Tag

# The names of the concepts (iptc.org, CC BY 4.0), as tags below `topic`.
TOPICS = (
    "topic/arts-culture-entertainment-and-media",
    "topic/conflict-war-and-peace",
    "topic/crime-law-and-justice",
    "topic/disaster-accident-and-emergency-incident",
    "topic/economy-business-and-finance",
    "topic/education",
    "topic/environment",
    "topic/health",
    "topic/human-interest",
    "topic/labour",
    "topic/lifestyle-and-leisure",
    "topic/politics",
    "topic/religion",
    "topic/science-and-technology",
    "topic/society",
    "topic/sport",
    "topic/weather",
)
LONGEST = 500  # characters: news says at once what it is about
FEWEST_WORDS = 3  # that the model knows: fewer are a hint and no more
NOTHING = 128  # how a weight of 0 is written in a byte

_WORD = re.compile(r"[^\W\d_]{2,}")
_lanes = Struct(f"<{len(TOPICS)}H")  # two bytes a topic: room for the words of LONGEST characters


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of words, as `packed` makes them, what every text has from the start, and a name."""

    weights: Mapping[str, int]
    bias: tuple[float, ...]
    scale: float
    edition: int
    """another one where the weights are others: stored stories are judged anew then"""

    def topic(self, text: str) -> tuple[str, float] | None:
        """The likeliest topic and how sure that is, from 0 to 1; None for a text of too few known words."""
        known = [self.weights[word] for word in words_of(text) if word in self.weights]
        if len(known) < FEWEST_WORDS:
            return None
        sums, none = _lanes.unpack(sum(known).to_bytes(_lanes.size, "little")), NOTHING * len(known)
        by = self.scale / sqrt(len(known))
        scores = [start + by * (one - none) for start, one in zip(self.bias, sums, strict=True)]
        best = max(scores)
        return TOPICS[scores.index(best)], 1 / sum(exp(score - best) for score in scores)


NO_MODEL = Model({}, (0.0,) * len(TOPICS), 1.0, 0)
"""knows no word, and so no topic"""


def topic_tag(story: Story, model: Model, threshold: float) -> Tag | None:
    """The story's topic where the model is as sure as that."""
    if not is_english(story.title, story.lang):
        return None
    found = model.topic(f"{story.title} {without(story.summary or story.content, story.chrome)}")
    if not found or found[1] < threshold:
        return None
    name, sure = found
    return Tag(name, Origin.MODEL, f"model, {sure:.2f}")


def words_of(text: str) -> set[str]:
    """The words of a text's beginning as the model has them: in small letters, without figures."""
    return set(_WORD.findall(text[:LONGEST].lower().replace("’", "'").replace("'s", "")))


def packed(weights: Iterable[int]) -> int:
    """One word's weights, each from 0 to 255 with NOTHING for 0, as the one number that is added up."""
    return int.from_bytes(_lanes.pack(*weights), "little")
