"""The problems as a feed of their own, apart from the news: an entry when one begins, another when it ends.

Pure. An entry's id is made of its problem's, and what it says never changes after it was first shown.
"""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from aggregator.core.formats.markup import escaped
from aggregator.core.problems import IDS
from aggregator.core.times import NEVER
from aggregator.model import Document, Item, Problem

NAME = "problems"
SHOWN = 100


def problem_feed(problems: Iterable[Problem], base_url: str) -> Document:
    """The feed of these problems, the newest entry first."""
    entries = sorted(
        (item for problem in problems for item in _items(problem, base_url)),
        key=lambda item: (item.news_at, item.id),
        reverse=True,
    )[:SHOWN]
    return Document(
        name=NAME,
        title="aggregator: problems",
        description="What needs a look, and when it was mended",
        base_url=base_url,
        updated_at=max((item.updated_at for item in entries), default=NEVER),
        items=tuple(entries),
    )


def _items(problem: Problem, base_url: str) -> Iterator[Item]:
    yield _item(problem.id, problem.title, problem.cure, problem.began_at, problem, base_url)
    if problem.ended_at:
        ended = str(uuid.uuid5(IDS, f"{problem.id} ended"))
        lasted = f"It began on {problem.began_at:%d %b %Y at %H:%M} UTC and needs no more attention."
        yield _item(ended, f"Mended: {problem.title}", lasted, problem.ended_at, problem, base_url)


def _item(name: str, title: str, text: str, at: datetime, problem: Problem, base_url: str) -> Item:
    return Item(
        id=f"urn:uuid:{name}",
        url=f"{base_url}feeds",
        title=title,
        author="aggregator",
        summary="",
        content=f"<p>{escaped(text)}</p>",
        lang="en",
        published_at=at,
        updated_at=at,
        news_at=at,
        tags=(problem.kind.value,),
    )
