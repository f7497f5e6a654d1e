"""The same news in the same order make the same stories; the order inside one document does not count."""

import random
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.model import ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

MINUTE = timedelta(minutes=1)
TITLES = (
    "Dam bursts in northern valley after week of rain",
    "Thousands flee as reservoir wall breaks",
    "Valley villages under water",
)
LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)


@dataclass(frozen=True)
class Telling:
    """One entry: which story it tells, under a link of its own or the story's, edited in title or text."""

    story: int
    own_link: bool
    prefix: str
    more: str

    def said(self, number: int) -> ParsedEntry:
        link = f"https://two.example.org/{number}" if self.own_link else stored_link(self.story)
        return a_parsed_entry(
            guid=f"guid-{number}",
            url=link,
            title=f"{self.prefix}{TITLES[self.story]}",
            summary=f"{LEAD} {TITLES[self.story]}{self.more}",
        )


def stored_link(story: int) -> str:
    return f"https://agency.example.org/{story}"


TELLINGS = st.builds(
    Telling,
    story=st.integers(0, len(TITLES) - 1),
    own_link=st.booleans(),
    prefix=st.sampled_from(("", "UPDATE: ", "Live: ")),
    more=st.sampled_from(("", " tonight", " 52")),
)
DOCUMENTS = st.lists(TELLINGS, min_size=2, max_size=6)
SAME_TEXT = Telling(story=0, own_link=True, prefix="", more="")
SAME_LINK = Telling(story=0, own_link=False, prefix="UPDATE: ", more="")


def told(*documents: list[ParsedEntry]) -> Shelf:
    """Three stories of other feeds, then these documents of one feed."""
    shelf = Shelf()
    for story in range(len(TITLES)):
        agency = Telling(story, own_link=False, prefix="", more="")
        shelf.hear(10 + story, agency.said(100 + story))
    for polled, document in enumerate(documents, 1):
        shelf.hear(2, *document, now=NOON + polled * MINUTE)
    return shelf


def stories(shelf: Shelf) -> set[frozenset[str | None]]:
    """The entries of each story, by guid."""
    return {frozenset(entry.guid for entry in story.entries) for story in shelf.stories.values()}


@settings(max_examples=150, deadline=None)
@given(tellings=DOCUMENTS, chance=st.randoms(use_true_random=False))
@example(tellings=[SAME_TEXT, SAME_TEXT], chance=random.Random(1))
@example(tellings=[SAME_LINK, SAME_TEXT, SAME_LINK], chance=random.Random(2))
def test_the_order_inside_a_poll_does_not_change_which_stories_merge(
    tellings: list[Telling], chance: random.Random
) -> None:
    document = [telling.said(number) for number, telling in enumerate(tellings)]

    expected = stories(told(document))

    assert stories(told(chance.sample(document, len(document)))) == expected
    assert stories(told(document[::-1])) == expected


@settings(max_examples=60, deadline=None)
@given(documents=st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_the_same_polls_give_the_same_stories(documents: list[list[Telling]]) -> None:
    polls = [
        [telling.said(10 * poll + number) for number, telling in enumerate(tellings)]
        for poll, tellings in enumerate(documents)
    ]

    assert told(*polls).stories == told(*polls).stories


@settings(max_examples=60, deadline=None)
@given(tellings=DOCUMENTS, chance=st.randoms(use_true_random=False))
def test_polling_again_changes_nothing(tellings: list[Telling], chance: random.Random) -> None:
    document = [telling.said(number) for number, telling in enumerate(tellings)]
    shelf = told(document)
    before = stories(shelf)

    for again in (document, chance.sample(document, len(document))):
        changes = shelf.hear(2, *again, now=NOON + 9 * MINUTE)

        assert (changes.stories, changes.gists, changes.new_entries) == ((), {}, 0)
    assert stories(shelf) == before
