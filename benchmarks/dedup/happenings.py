"""Events as core/events.py finds them, entry by entry, each after its story is known. Never decides."""

from dataclasses import dataclass, field

from aggregator.core.events import SURELY_CLOSE, Meanings, NoMeanings, event_of
from aggregator.core.gist import gist
from aggregator.core.neighbours import Neighbours
from aggregator.model import Entry, ParsedEntry, Story


@dataclass
class Happenings:
    """The events so far, by the numbers of their entries."""

    meanings: Meanings = field(default_factory=NoMeanings)
    index: Neighbours = field(default_factory=Neighbours)
    events: dict[int, int] = field(default_factory=dict)
    sure: list[tuple[int, int]] = field(default_factory=list)
    """entries that the cautious setting, too, would put to others, each with its closest"""

    def hear(self, said: ParsedEntry, entry: Entry, story: Story) -> None:
        """A copy tells the event of its story; any other entry the closest one, or a new one."""
        words, meaning = gist(said), self.meanings.of(entry.title, entry.lang)
        now, event = entry.first_seen_at, self.events.get(story.entries[0].id, entry.id)
        if event == entry.id and (telling := event_of(words, meaning, self.index, self.meanings, now=now)):
            event = telling.event
            if telling.score >= SURELY_CLOSE:
                self.sure.append((entry.id, telling.entry))
        self.events[entry.id] = event
        self.index.add(entry.id, event, now, words.packed(), meaning)
