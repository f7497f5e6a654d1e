"""What many rules cost on many stories, side by side with two other ways: `python -m benchmarks.filters`.

Every rule is three to eight words, beginnings of words and phrases, of which one must stand in a story, so
that all ways can say it and must agree. Each begins with stories as the store gives them:

- together: the words of a story are looked up at once, what can hold is judged (as tags and outputs are);
- one by one: the same filters, each judged alone on the same subject;
- re: one compiled alternation for each rule, searched in the folded text;
- FTS5: one query for each rule over an index in memory; filling the index is told apart.

There is no automaton over all words (Aho and Corasick). Tried beside this, pyahocorasick and ahocorasick_rs
went over a folded text in a tenth of the time that `together` takes. But a word has forms that do not stand
in the folded text (Mueller for Müller, UK for U.K., covid19), so that the words have to be cut all the same,
and that is nearly half of the whole. Looking these up in a dict needs no library that is compiled.
"""

import argparse
import random
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from time import process_time
from typing import TYPE_CHECKING

from aggregator.core.filters import Filter, all_together, judge, parse_filter, story_subject
from aggregator.core.filters.words import running
from aggregator.core.text import folded, plain_text
from aggregator.migrations.m0001_tables import SEARCH
from aggregator.model import Story
from aggregator.patterns import timed_search
from benchmarks.zipf import Press

if TYPE_CHECKING:
    import sqlite3
else:
    from sqlite_utils.utils import sqlite3

NOW = datetime.now(UTC)
RANKS = slice(300, 8_000)  # keywords are neither the commonest words nor the rarest
Rule = tuple[str, ...]  # `word`, `beginning*` or `two words`
Taken = list[int]


def rules(press: Press, many: int) -> list[Rule]:
    """Rules as people write them."""
    chance = random.Random(2)
    words = press.common[RANKS]

    def part() -> str:
        kind = chance.random()
        if kind < 0.7:
            return chance.choice(words)
        return chance.choice(words) + "*" if kind < 0.85 else " ".join(chance.sample(words, 2))

    return [tuple(part() for _ in range(chance.randrange(3, 9))) for _ in range(many)]


def as_filter(rule: Rule) -> Filter:
    """The rule in our language."""
    return parse_filter(" OR ".join(f'"{part}"' for part in rule))


def as_pattern(rule: Rule) -> re.Pattern[str]:
    """The rule as an alternation."""
    parts = (
        re.escape(part[:-1]) if part.endswith("*") else re.escape(part).replace(r"\ ", r"\W+") + r"\b"
        for part in rule
    )
    return re.compile(rf"\b(?:{'|'.join(parts)})")


def as_query(rule: Rule) -> str:
    """The rule as FTS5 reads it."""
    return " OR ".join(f'"{part[:-1]}" *' if part.endswith("*") else f'"{part}"' for part in rule)


# -- the ways ---------------------------------------------------------------------------------------------


def judged_together(stories: Sequence[Story], filters: Sequence[Filter]) -> Taken:
    """How many stories each rule takes."""
    taken = [0] * len(filters)
    together = all_together(filters)
    for story in stories:
        subject = story_subject(story)
        for number, is_sure in together.possible(subject).items():
            taken[number] += is_sure or judge(filters[number], subject, now=NOW, search=timed_search) is True
    return taken


def judged_one_by_one(stories: Sequence[Story], filters: Sequence[Filter]) -> Taken:
    """The same."""
    taken = [0] * len(filters)
    for story in stories:
        subject = story_subject(story)
        for number, one in enumerate(filters):
            taken[number] += judge(one, subject, now=NOW, search=timed_search) is True
    return taken


def searched(stories: Sequence[Story], patterns: Sequence[re.Pattern[str]]) -> Taken:
    """The same."""
    taken = [0] * len(patterns)
    for story in stories:
        text = folded("\n".join(map(plain_text, (story.title, story.summary, story.content))))
        for number, pattern in enumerate(patterns):
            taken[number] += pattern.search(text) is not None
    return taken


def filled(conn: "sqlite3.Connection", stories: Iterable[Story]) -> None:
    """Fill the index."""
    conn.executemany(
        "INSERT INTO stories_fts VALUES (?, ?, ?)",
        (
            [running(plain_text(text)) for text in (story.title, story.summary, story.content)]
            for story in stories
        ),
    )


def asked(conn: "sqlite3.Connection", queries: Sequence[str]) -> Taken:
    """The same, of the index."""
    ask = "SELECT rowid FROM stories_fts WHERE stories_fts MATCH ?"
    return [len(conn.execute(ask, (query,)).fetchall()) for query in queries]


# -- the table --------------------------------------------------------------------------------------------


def seconds(work: Callable[[], object], times: int) -> tuple[float, object]:
    """The least CPU time of so many runs, and what came back."""
    took = []
    for _ in range(times):
        start = process_time()
        done = work()
        took.append(process_time() - start)
    return min(took), done


def compare(stories: Sequence[Story], some: Sequence[Rule], times: int) -> None:
    """A row for each way."""
    filters, patterns, queries = [*map(as_filter, some)], [*map(as_pattern, some)], [*map(as_query, some)]
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.executescript(SEARCH)
        filling, _ = seconds(lambda: filled(conn, stories), 1)
        ways = {
            "together": seconds(lambda: judged_together(stories, filters), times),
            "one by one": seconds(lambda: judged_one_by_one(stories, filters), times),
            "re": seconds(lambda: searched(stories, patterns), times),
            "FTS5": seconds(lambda: asked(conn, queries), times),
        }
    ours, taken = ways["together"]
    ways["FTS5 and filling"] = (ways["FTS5"][0] + filling, taken)
    print(f"{len(some)} rules, {len(stories):,} stories; µs of CPU a story, and how often that of `together`")
    for name, (took, found) in ways.items():
        agrees = "" if found == taken else "   finds something else"
        print(f"{name:<18}{took / len(stories) * 1e6:>9.0f}{took / ours:>9.2f}{agrees}")


def main() -> None:
    """Make rules and stories, and compare."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--stories", type=int, default=10_000)
    options.add_argument("--rules", type=int, default=200)
    options.add_argument("--times", type=int, default=3)
    given = options.parse_args()
    press = Press(given.stories)
    compare(tuple(press.print()), rules(press, given.rules), given.times)


if __name__ == "__main__":
    main()
