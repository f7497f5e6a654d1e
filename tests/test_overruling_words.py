"""Whatever a person says, and in whichever order: it holds, and no id is used for two things."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stand import FEEDS, Stand, a_stand, telling

WHATS = ("dam", "flood")
ENTRIES = [(number, what) for number in range(1, FEEDS + 1) for what in WHATS]
SPLITS = st.sampled_from(ENTRIES).map(lambda one: (one,))
MERGES = st.tuples(st.sampled_from(ENTRIES), st.sampled_from(ENTRIES))
WORDS = st.lists(st.one_of(SPLITS, MERGES), min_size=1, max_size=8)

Told = frozenset[tuple[int, str]]


@given(words=WORDS)
@settings(max_examples=15, deadline=None)
def test_a_persons_words_hold_through_polls_edits_and_retention(
    words: list[tuple[tuple[int, str], ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_said_and_held(Path(folder), words))


async def _said_and_held(folder: Path, words: list[tuple[tuple[int, str], ...]]) -> None:
    async with a_stand(folder) as stand:
        await _poll(stand)
        wanted = {frozenset((number, what) for number in range(1, FEEDS + 1)) for what in WHATS}
        last = _told(stand)
        for said in words:
            wanted = _as_said(wanted, said)
            await _say(stand, said)
            told = _told(stand)
            assert set(told.values()) == wanted
            # An id goes on with somebody who told it last: it is never used for other news.
            assert all(last.get(story_id, tellers) & tellers for story_id, tellers in told.items())
            last |= told
        before = _told(stand)

        await _poll(stand)
        await _poll(stand, title="Edited")
        edited = _told(stand)
        for number in range(1, FEEDS + 1):
            await stand.hear(number)
        await stand.sweep()
        assert not stand.stories()
        await _poll(stand)

        assert edited == _told(stand) == before
        assert all(stand.reader.moved(story_id) in before for story_id in last.keys() - before.keys())


async def _poll(stand: Stand, **changes: str) -> None:
    for number in range(1, FEEDS + 1):
        await stand.hear(number, *(telling(number, what, **changes) for what in WHATS))


async def _say(stand: Stand, said: tuple[tuple[int, str], ...]) -> None:
    if len(said) == 1:
        await stand.split(stand.entry(*said[0]))
    else:
        one, two = (stand.entry(*named).story_id for named in said)
        await stand.merge(one, two)


def _as_said(groups: set[Told], said: tuple[tuple[int, str], ...]) -> set[Told]:
    """What a person expects to see afterwards."""
    touched = {group for group in groups if group & set(said)}
    everyone = frozenset[tuple[int, str]]().union(*touched)
    after = {everyone} if len(said) == 2 else {frozenset(said), everyone - set(said)} - {frozenset()}
    return (groups - touched) | after


def _told(stand: Stand) -> dict[str, Told]:
    return {
        story.id: frozenset((entry.feed_id, str(entry.guid).partition("-")[2]) for entry in story.entries)
        for story in stand.stories()
    }
