"""What is sent to people about problems: one message for all that is new, in plain text. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.core.text import counted
from aggregator.model import Problem

SHOWN = 10  # in one message; services cut what is longer


@dataclass(frozen=True, slots=True)
class Notice:
    """A message: a line, and some more of them."""

    title: str
    body: str


TEST = Notice("aggregator: a test", "This is how notices of problems come. Nothing is wrong.")


def notice(news: Sequence[Problem], public_url: str) -> Notice:
    """The message about these problems, those that began first; `public_url` leads to all of them."""
    began = [one for one in news if not one.ended_at]
    ended = [one for one in news if one.ended_at]
    counts = ((began, "new problem"), (ended, "mended problem"))
    title = ", ".join(counted(len(group), noun) for group, noun in counts if group)
    said = [f"{one.title}.\n{one.cure}" for one in began] + [f"Mended: {one.title}." for one in ended]
    more = [f"And {len(said) - SHOWN} more."] if len(said) > SHOWN else []
    body = "\n\n".join([*said[:SHOWN], *more, f"{public_url}problems.atom"])
    return Notice(f"aggregator: {title}", body)
