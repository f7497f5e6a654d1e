"""The commands by which a person overrules the dedup; a daemon that owns the store does it for them."""

import asyncio

import click

from aggregator.app import Order, give, open_parts
from aggregator.cli.context import Context, command
from aggregator.errors import AlreadyRunningError


@command("aggregator split 1204")
@click.argument("entry", metavar="ENTRY-ID", help="The number or the uid that `aggregator why` tells.")
@click.pass_obj
def split(context: Context, entry: str) -> None:
    """Give an entry a story of its own, for ever."""
    click.echo(_done(context, Order("split", (entry,))))


@command("aggregator merge 7d0a… 51c4…")
@click.argument("one", metavar="STORY-ID", help="A story.")
@click.argument("two", metavar="STORY-ID", help="And the one that tells the same.")
@click.pass_obj
def merge(context: Context, one: str, two: str) -> None:
    """Make one story of two, for ever: the older is kept, and the other's address leads to it."""
    click.echo(_done(context, Order("merge", (one, two))))


def _done(context: Context, order: Order) -> str:
    try:
        return asyncio.run(_do(context, order))
    except AlreadyRunningError:
        return give(context.data, order)


async def _do(context: Context, order: Order) -> str:
    async with open_parts(context.load(), context.data) as parts:
        said = await parts.overrule(order)
        await parts.publish()
        return said
