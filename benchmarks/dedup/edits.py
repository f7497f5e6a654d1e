"""How many edited headlines come to their story, by kind of edit, and how many changed figures wrongly do.

    python -m benchmarks.dedup.edits FILE.jsonl [--each 200] [--lead 60] [--json] [--write PAGE]

Takes real entries with a title and a text from the file, tells each again from another feed with one edit in
its headline and the same text, among all the others of the file, and prints the share that joined. `--lead`
cuts all texts to so many characters first; `--write` puts the shares at several lengths into the page.
"""

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.core.text import plain_text, words
from aggregator.model import ParsedEntry
from benchmarks.dedup.ledger import Ledger
from benchmarks.dedup.lines import Line, read
from benchmarks.dedup.page import write

TITLE_WORDS = 6
TEXT_WORDS = 15
LEADS = (220, 100, 60, 30)  # characters of the text that are left
Edit = Callable[[list[str], random.Random], list[str]]


def dropped(many: int) -> Edit:
    """Leaves out so many words."""

    def edit(said: list[str], chance: random.Random) -> list[str]:
        gone = set(chance.sample(range(len(said)), many))
        return [word for place, word in enumerate(said) if place not in gone]

    return edit


def typo(said: list[str], chance: random.Random) -> list[str]:
    """Swaps two letters of the longest word."""
    place = max(range(len(said)), key=lambda one: len(said[one]))
    word = said[place]
    at = chance.randrange(len(word) - 1)
    return [*said[:place], word[:at] + word[at + 1] + word[at] + word[at + 2 :], *said[place + 1 :]]


def function_words(said: list[str], _: random.Random) -> list[str]:
    """Leaves out the short words."""
    return [
        word for word in said if word.lower() not in {"a", "an", "the", "of", "to", "in", "on", "for", "and"}
    ]


EDITS: dict[str, Edit] = {
    "publisher suffix": lambda said, _: [*said, "-", "The", "Daily", "Herald"],
    "UPDATE prefix": lambda said, _: ["UPDATE", "2:", *said],
    "upper case": lambda said, _: [word.upper() for word in said],
    "quotes and dashes": lambda said, _: ["“" + said[0], *said[1:-1], "–", said[-1] + "”"],
    "function words": function_words,
    "one typo": typo,
    "halves swapped": lambda said, _: [*said[len(said) // 2 :], *said[: len(said) // 2]],
    "one word dropped": dropped(1),
    "two words dropped": dropped(2),
    "cut short": lambda said, _: [*said[: max(1, len(said) * 7 // 10)], "…"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--lead", type=int, default=LEADS[0], help="characters of every text that are left")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the figures into the page's table")
    chosen = parser.parse_args()
    lines = read(chosen.file)
    if chosen.write:
        write_page(chosen.write, lines, chosen.each, chosen.file.name)
        return
    figures = measure(lines, chosen.each, chosen.lead)
    print(
        json.dumps(figures)
        if chosen.json
        else "\n".join(f"{name}: {value}" for name, value in figures.items())
    )


def write_page(page: Path, lines: tuple[Line, ...], each: int, file: str) -> None:
    """The table of edits on the page, a column for each length of text."""
    shares = {f"{lead} characters": measure(lines, each, lead) for lead in LEADS}
    rows: list[dict[str, str | float]] = [
        {"edit": kind, **{lead: by_kind[kind] for lead, by_kind in shares.items()}}
        for kind in next(iter(shares.values()))
    ]
    write(page, "edits", rows, f"From `{file}`, {each} of each kind, on {datetime.now(UTC):%Y-%m-%d}.")


def measure(lines: tuple[Line, ...], each: int, lead: int = LEADS[0]) -> dict[str, float]:
    """The share that joined its story, for every kind of edit and for a changed figure."""
    chance = random.Random(4)
    able_to = [place for place, line in enumerate(lines) if _fit(line)]
    lines = tuple(replace(line, summary=_cut(line.summary, lead)) for line in lines)
    ledger = Ledger()
    for place, line in enumerate(lines):
        ledger.hear(_said(line, place), line.at)
    now = lines[-1].at + timedelta(hours=1)
    fit = [place for place in able_to if now - lines[place].at < timedelta(days=3)]
    kinds = {**EDITS, "changed figure (should not join)": _other_figure}
    shares = {}
    for number, (name, edit) in enumerate(kinds.items(), 1):
        able = [one for one in fit if edit is not _other_figure or _figures(lines[one].title)]
        picked = chance.sample(able, min(each, len(able)))
        joined = sum(_joins(ledger, lines, one, edit, chance, now, number) for one in picked)
        shares[name] = round(joined / len(picked), 4) if picked else 1.0
    return shares


def _joins(
    ledger: Ledger,
    lines: tuple[Line, ...],
    place: int,
    edit: Edit,
    chance: random.Random,
    now: datetime,
    number: int,
) -> bool:
    """True where the edited entry comes to the story of the original; it is not kept."""
    original = ledger.stories[ledger.story_ids[place + 1]]
    title = " ".join(edit(lines[place].title.split(), chance))
    said = replace(_said(lines[place], place), guid=f"edit-{number}-{place}", url=None, title=title)
    return ledger.ask(said, now).story_id == original.id


def _said(line: Line, place: int) -> ParsedEntry:
    return ParsedEntry(guid=f"line-{place}", url=line.url, title=line.title, summary=line.summary)


def _cut(text: str, characters: int) -> str:
    """So many characters at the most, without half a word."""
    return text if len(text) <= characters else text[:characters].rpartition(" ")[0]


def _fit(line: Line) -> bool:
    return len(line.title.split()) >= TITLE_WORDS and len(words(plain_text(line.summary))) >= TEXT_WORDS


def _figures(title: str) -> list[str]:
    return [word for word in title.split() if word.isdigit()]


def _other_figure(said: list[str], _: random.Random) -> list[str]:
    changed = _figures(" ".join(said))[0]
    return [str(int(word) + 3) if word == changed else word for word in said]


if __name__ == "__main__":
    main()
