"""The command that makes a first config: `init`, by questions at a terminal and by options elsewhere.

Nothing is written before the last answer, and never over a config that is there. Where nobody can answer,
nothing is asked.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import IO

import click

from aggregator import config
from aggregator.cli.context import Context, command
from aggregator.cli.exports import EXPORT, read_told
from aggregator.cli.show import show_rows
from aggregator.config import default_text, first_text
from aggregator.core.settings import FeedSettings
from aggregator.core.text import counted
from aggregator.errors import EditError
from aggregator.setup import new_among, write_first
from aggregator.setup.catalogue import (
    LANGUAGES,
    Offer,
    catalogue,
    chosen,
    countries_of,
    languages_of,
    meant,
    picked,
    topics_of,
)

Group = tuple[str, Sequence[FeedSettings]]

WAYS = (
    "pick topics and countries from {} well-known feeds",
    "take over the feeds of another reader: a file that it exported as OPML",
    "take the ready-made config, to see what can be done",
)


class _Named(click.ParamType[str]):
    """A topic or a country of the catalogue."""

    name = "name"

    def __init__(self, names: Callable[[Collection[Offer]], Sequence[str]]) -> None:
        self._names = names

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name that is meant; where there is none, the nearest is told."""
        try:
            return meant(value, self._names(catalogue()))
        except ValueError as error:
            self.fail(f"'{value}' {error} (`aggregator init --list` shows all)", param, ctx)


@command("aggregator init --topic tech --topic world --country germany")
@click.option(
    "--topic", "topics", multiple=True, type=_Named(topics_of), help="Well-known feeds on this topic."
)
@click.option("--country", "countries", multiple=True, type=_Named(countries_of), help="And of this country.")
@click.option(
    "--language",
    "languages",
    multiple=True,
    type=click.Choice(tuple(LANGUAGES), case_sensitive=False),
    metavar="CODE",
    help="Of the topics' feeds: en, de, …  [default: English, and those of the countries]",
)
@click.option("--opml", "export", type=EXPORT, metavar="FILE", help="The feeds that another reader exported.")
@click.option("--default", "ready_made", is_flag=True, help="The ready-made config, without questions.")
@click.option("--list", "listing", is_flag=True, help="Show which topics and countries there are, no more.")
@click.pass_obj
def init(
    context: Context,
    *,
    topics: tuple[str, ...],
    countries: tuple[str, ...],
    languages: tuple[str, ...],
    export: IO[bytes] | None,
    ready_made: bool,
    listing: bool,
) -> None:
    """Begin a config: well-known feeds by topic and country, or those of another reader.

    At a terminal it asks; elsewhere, and with any option, it does not.
    """
    offers = catalogue()
    if listing:
        _show(offers, topics_of(offers), countries_of(offers))
        return
    if context.config.exists():
        remedy = "change it with `aggregator add` and `aggregator import`, or name another with --config"
        raise EditError(f"{context.config} is there already, and stays as it is", remedy)
    groups = _each_once(_exported(export) + _picked(offers, topics, countries, languages))
    if languages and not (topics or countries):
        raise click.UsageError("--language says in which languages a --topic comes; name one, too")
    if not (groups or ready_made) and sys.stdin.isatty() and sys.stdout.isatty():
        groups = _interview(context, offers)
    _begin(context, groups)


def _begin(context: Context, groups: Sequence[Group]) -> None:
    """Write the config with these feeds, or the default where there are none, and tell what comes next."""
    text = first_text(groups) if groups else default_text()
    settings = config.load_text(text, context.config, context.environ).settings
    write_first(context.config, text)
    outputs = counted(len(settings.outputs), "output")
    click.echo(f"wrote {context.config}: {counted(len(settings.feeds), 'feed')}, {outputs}")
    program = f"aggregator --config {context.config}" if context.named else "aggregator"
    click.echo(f"next:  {program} run        # then open {settings.server.public_url} and subscribe")
    click.echo(f"more:  {program} add URL    # puts in the feed behind a page; the file tells the rest")


def _exported(file: IO[bytes] | None) -> list[Group]:
    return [(f"from {file.name}", read_told(file)[0])] if file else []


def _each_once(groups: Iterable[Group]) -> list[Group]:
    """The groups without what an earlier one has: the user's own feeds come first."""
    kept: list[Group] = []
    for heading, feeds in groups:
        new = new_among(feeds, [feed for _, group in kept for feed in group])
        kept += [(heading, new)] if new else []
    return kept


def _picked(
    offers: Collection[Offer], topics: Collection[str], countries: Collection[str], languages: Collection[str]
) -> list[Group]:
    """The feeds that are wanted, by their topic or country; UsageError where something wanted has none."""
    wanted = chosen(offers, topics=topics, countries=countries, languages=languages)
    if (topics or countries) and not wanted:
        raise click.UsageError(
            f"no feed on {', '.join(topics)} comes in {', '.join(languages)}; take another"
        )
    groups: defaultdict[str, list[FeedSettings]] = defaultdict(list)
    for offer in wanted:
        groups[offer.heading].append(offer.feed)
    return list(groups.items())


# -- at a terminal ----------------------------------------------------------------------------------------


def _interview(context: Context, offers: Sequence[Offer]) -> list[Group]:
    """What the user answers, as groups of feeds; none for the ready-made config."""
    click.echo(f"This begins {context.config}. Where do its feeds come from?")
    for number, way in enumerate(WAYS, start=1):
        click.echo(f"  {number}  {way.format(len(offers))}")
    wanted = click.prompt("Which one?", type=click.IntRange(1, len(WAYS)), default=1)
    if wanted == 2:
        return _exported(click.prompt("The file", type=EXPORT))
    return _ask_for_offers(offers) if wanted == 1 else []


def _ask_for_offers(offers: Sequence[Offer]) -> list[Group]:
    topics, countries = topics_of(offers), countries_of(offers)
    while True:
        _show(offers, topics, ())
        on = _ask("Topics, by number or name, or `all`; Enter for none", topics)
        _show(offers, (), countries)
        of = _ask("Countries, likewise", countries)
        spoken = _ask_for_languages(offers, of) if on else ()
        groups = _picked(offers, on, of, spoken)
        if groups:
            return groups
        click.echo("That is no feed yet; once more.")


def _ask_for_languages(offers: Sequence[Offer], countries: Collection[str]) -> tuple[str, ...]:
    click.echo(" · ".join(f"{code} {name}" for code, name in LANGUAGES.items()))
    return _ask("Languages of the topics", tuple(LANGUAGES), languages_of(offers, countries))


def _ask(question: str, names: Sequence[str], default: Iterable[str] = ()) -> tuple[str, ...]:
    """The names that the user lists; asked again where one is none of them."""

    def read(answer: str) -> tuple[str, ...]:
        try:
            return picked(answer, names)
        except ValueError as error:
            raise click.UsageError(str(error)) from error

    shown = " ".join(default)
    given: tuple[str, ...] = click.prompt(question, default=shown, show_default=bool(shown), value_proc=read)
    return given


def _show(offers: Sequence[Offer], topics: Sequence[str], countries: Sequence[str]) -> None:
    """The names with their numbers, how many feeds each has, and some of those."""
    for kind, names in (("topic", topics), ("country", countries)):
        counts = Counter(offer.heading for offer in offers)
        rows = [
            {"number": number, kind: name, "feeds": counts[name], "among_them": _some(offers, name)}
            for number, name in enumerate(names, start=1)
        ]
        if rows:
            show_rows(rows, ("number", kind, "feeds", "among_them"), as_json=False, empty="")


def _some(offers: Iterable[Offer], heading: str) -> str:
    return " · ".join([offer.title for offer in offers if offer.heading == heading][:2])
