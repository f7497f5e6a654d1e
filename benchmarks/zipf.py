"""Stories of made-up words, as many as are asked for: common words are as common as in the news.

Sentences come from a pool in which words are spread as Zipf found; each story has two words more that few
others have. The same seed gives the same stories.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from aggregator.model import Entry, Story

START = datetime(2025, 11, 24, tzinfo=UTC)
YEAR = timedelta(days=365)
FEEDS = 100
COMMON_WORDS = 20_000
SENTENCES = 20_000
SYLLABLES = [
    first + second for first in "bdfghklmnprstvwz" for second in ("a", "e", "i", "o", "u", "an", "er")
]


class Press:
    """Writes the stories; `common` are its words, the commonest first, `rare` those of few stories."""

    def __init__(self, stories: int, seed: int = 1) -> None:
        self.stories = stories
        self._chance = random.Random(seed)
        words = self._words(COMMON_WORDS + max(2_000, stories // 10))
        self.common, self.rare = words[:COMMON_WORDS], words[COMMON_WORDS:]
        weights = list(accumulate(1 / rank for rank in range(1, COMMON_WORDS + 1)))
        self._sentences = [
            " ".join(self._chance.choices(self.common, cum_weights=weights, k=self._chance.randrange(8, 24)))
            for _ in range(SENTENCES)
        ]

    def _words(self, many: int) -> list[str]:
        words: dict[str, None] = {}
        while len(words) < many:
            words["".join(self._chance.choices(SYLLABLES, k=self._chance.choice((2, 2, 3, 3, 4))))] = None
        return list(words)

    def print(self) -> Iterator[Story]:
        """The stories, the oldest first: a title, a summary, and of every third the whole article."""
        for number in range(self.stories):
            yield self._story(number)

    def _story(self, number: int) -> Story:
        chance = self._chance
        title, *sentences = chance.choices(self._sentences, k=chance.choice((4, 5, 6, 24)))
        own = " ".join(chance.choices(self.rare, k=2))
        uid = f"{number:08x}-0000-5000-8000-000000000000"
        seen = START + YEAR * number / self.stories
        entry = Entry(
            id=0,
            uid=uid,
            feed_id=number % FEEDS + 1,
            story_id=uid,
            guid=uid,
            url=f"https://news.example.org/{number}",
            title=title.capitalize(),
            summary=f"<p>{'. '.join(sentences[:3])}. {own}</p>",
            content="".join(f"<p>{sentence}.</p>" for sentence in sentences[3:]),
            published_at=seen,
            first_seen_at=seen,
            updated_at=seen,
            feed_url="",
            feed_title="",
            feed_site_url=None,
        )
        return Story(
            seq=0,
            id=uid,
            lead_uid=uid,
            lead_settled=True,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            content=entry.content,
            published_at=seen,
            first_seen_at=seen,
            updated_at=seen,
            news_at=seen,
            entries=(entry,),
        )
