"""Where the events of an output stand, as its stories come and go."""

from datetime import timedelta

from aggregator.core.selection import Place, Ranking, member_of
from aggregator.core.settings import OutputSettings
from aggregator.core.standing import Standing
from aggregator.model import Story
from tests.builders import NOON, a_story, an_entry

HOUR = timedelta(hours=1)


def story(number: int, event: str = "dam", feeds: tuple[int, ...] = (1,)) -> Story:
    """A story of an event, told by these feeds; a higher number is newer."""
    at = NOON + number * HOUR
    told = [
        an_entry(
            id=10 * number + feed,
            uid=f"{number}-{feed}",
            story_id=f"s{number}",
            feed_id=feed,
            first_seen_at=at,
        )
        for feed in feeds
    ]
    return a_story(*told, seq=number, event_id=event, news_at=at)


class Board:
    """A standing with its ranking."""

    def __init__(self, *stories: Story) -> None:
        self.standing, self.ranking = Standing(), Ranking()
        for one in stories:
            self.standing.put(one.id, member_of(one))

    @property
    def places(self) -> list[Place]:
        self.standing.settle(self.ranking)
        return list(self.ranking.ordered(OutputSettings(name="out", title="Out"), NOON))


def test_an_event_stands_where_its_first_story_does_with_all_its_feeds() -> None:
    board = Board(story(2, feeds=(2,)), story(1, feeds=(1, 3)), story(5, "vote"))

    assert board.places == [
        Place(NOON + 5 * HOUR, 5, "vote", 1, 1),
        Place(NOON + HOUR, 1, "dam", 1, 3),
    ]
    assert board.standing.coverage("dam").lead == "s1"


def test_an_event_counts_under_the_feed_of_its_first_story_which_leads_it() -> None:
    board = Board(story(2, feeds=(2, 3)), story(1, feeds=(1,)))

    assert [place.feed_id for place in board.places] == [1]
    assert board.standing.coverage("dam").lead == "s1"


def test_where_its_first_story_goes_the_next_leads() -> None:
    board = Board(story(1), story(2), story(3, feeds=(1, 2)))
    assert len(board.places) == 1

    board.standing.put("s1", None)

    assert [place.id for place in board.places] == ["dam"]
    assert board.standing.coverage("dam").lead == "s2"


def test_a_story_that_changes_moves_its_event() -> None:
    board = Board(story(1), story(2))
    assert [(place.id, place.coverage) for place in board.places] == [("dam", 1)]

    board.standing.put("s2", member_of(story(2, feeds=(1, 2))))

    assert [(place.id, place.coverage) for place in board.places] == [("dam", 2)]


def test_a_story_that_comes_to_another_event_leaves_the_first() -> None:
    board = Board(story(1), story(2))
    assert len(board.places) == 1

    board.standing.put("s2", member_of(story(2, "vote")))

    assert [place.id for place in board.places] == ["vote", "dam"]


def test_an_event_goes_with_the_last_of_its_stories() -> None:
    board = Board(story(1), story(2))
    assert len(board.places) == 1

    board.standing.put("s1", None)
    assert [place.news_at for place in board.places] == [NOON + 2 * HOUR]
    board.standing.put("s2", None)

    assert board.places == []


def test_a_story_that_was_never_taken_changes_nothing() -> None:
    board = Board(story(1))

    board.standing.put("s9", None)

    assert [place.id for place in board.places] == ["dam"]


def test_a_story_that_comes_and_goes_between_two_looks_leaves_nothing() -> None:
    board = Board(story(1))
    board.standing.put("s1", None)

    assert board.places == []
