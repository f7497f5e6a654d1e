"""`preview`: what another config, or a filter typed in, would do with the stored stories.

Only looks, and works while a daemon owns the store. Decides nothing: see aggregator/preview.py.
"""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

import click

from aggregator.app import PUBLIC, known_settings
from aggregator.cli.context import Context, command
from aggregator.cli.show import say, show_json
from aggregator.core.filters import parse_filter
from aggregator.core.text import counted
from aggregator.errors import UnknownIdError
from aggregator.patterns import timed_search
from aggregator.preview import Change, Found, Passing, Preview
from aggregator.publish import published
from aggregator.topics import model_for


@command("aggregator preview security --config next.yaml")
@click.argument("output", metavar="[OUTPUT]", required=False, help="One alone.  [default: all]")
@click.option("--config", "other", metavar="OTHER", type=click.Path(path_type=Path), help="The other config.")
@click.option("--filter", "filter_text", metavar="FILTER", help="Try this filter instead of the outputs.")
@click.option(
    "--limit",
    metavar="N",
    default=20,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help="Items shown.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, with every item.")
@click.pass_obj
def preview(
    context: Context,
    output: str | None,
    other: Path | None,
    filter_text: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Say what would enter and leave each output, over the stored stories, before anything changes.

    Compares what readers see now with what the config would show: the file as it stands, or OTHER.
    """
    if output and filter_text is not None:
        raise click.UsageError("OUTPUT and --filter: a filter is tried over all that is stored; name one")
    asked = replace(context, config=other, named=True) if other else context
    settings = known_settings(asked.load(), context.data)
    wanted = parse_filter(filter_text, settings.filters) if filter_text is not None else None
    ahead = Preview(
        context.reader(),
        settings,
        context.stored(),
        now=datetime.now(UTC),
        search=timed_search,
        topics=model_for(settings),
    )
    if wanted:
        found = ahead.taken_by(wanted, most=100_000 if as_json else limit)
        _show_found(wanted.source, found, as_json=as_json)
        return
    seen = published(context.data / PUBLIC)
    known = [*(one.name for one in settings.outputs), *(f"tag/{tag}" for tag in settings.named_tags), *seen]
    if output and output not in known:
        raise UnknownIdError("output", output, _nearest(output, known))
    _show_changes(ahead.changes(seen, only=output), limit, as_json=as_json)


def _nearest(output: str, known: list[str]) -> str:
    near = get_close_matches(output, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(dict.fromkeys(known))}"


def _show_changes(changes: dict[str, Change], limit: int, *, as_json: bool) -> None:
    if as_json:
        told = {
            name: {"enter": _rows(change.enter), "leave": _rows(change.leave)}
            for name, change in changes.items()
        }
        show_json(told)
        return
    for name, change in changes.items():
        entering, leaving = len(change.enter), len(change.leave)
        click.echo(f"{name}: {entering:,} enter, {leaving:,} leave, {change.stay:,} stay")
        _tell("+", change.enter[:limit], entering)
        _tell("-", change.leave[:limit], leaving)


def _show_found(source: str, found: Found, *, as_json: bool) -> None:
    if as_json:
        show_json({source: {"enter": _rows(found.newest), "leave": []}})
        return
    click.echo(f"{source}: takes {counted(found.count, 'story')} of what is stored")
    _tell("+", found.newest, found.count)


def _rows(passing: tuple[Passing, ...]) -> list[dict[str, object]]:
    return [asdict(one) for one in passing]


def _tell(sign: str, passing: tuple[Passing, ...], count: int) -> None:
    """These lines, and how many more there are of `count`."""
    for one in passing:
        title = " ".join((one.title or one.id).split())
        say(f"  {sign} {one.news_at:%Y-%m-%d %H:%M}  {title}  ({one.clause})")
    if count > len(passing):
        click.echo(f"  {sign} {count - len(passing):,} more")
