"""Another process with a store open, to be asked, crowded out or killed by a test.

Run as `python -m tests.store.other_process WHAT FOLDER`; it says what it did, a line each, and obeys no one.
`hold` opens the store and waits; `commit` hands in documents without end; `fill` does so under a file size
limit, until SQLite refuses; `crowd` leaves no room to close in; `die` leaves a store for every statement at
which a commit can be killed. To add one: a function here, by its name.
"""

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import IO

from aggregator.errors import StoreError
from aggregator.model import Fingerprint, MatchedBy, Origin, Tag, Validators
from aggregator.store import Store
from tests.store.scenes import a_new_story, hand_in, subscribed

ROOT = Path(__file__).parents[2]
STORIES_A_DOCUMENT = 3


@contextmanager
def running(what: str, folder: Path) -> Iterator[tuple["subprocess.Popen[str]", IO[str]]]:
    """The process that does `what` in this folder, and what it says; killed at the end."""
    command = [sys.executable, "-m", "tests.store.other_process", what, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout
        finally:
            process.kill()


def say(line: object) -> None:
    """Tell the test, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def hold(_: Store) -> None:
    """Own the folder until killed."""
    say("open")
    await asyncio.Event().wait()


async def commit(store: Store) -> None:
    """Hand in documents; each is told by its number once it is committed, and is its feed's ETag."""
    (feed,) = await subscribed(store)
    for number in count():
        stories = [a_new_story(feed, f"{number}.{place}") for place in range(STORIES_A_DOCUMENT)]
        prints = {
            story.lead_uid: (Fingerprint(MatchedBy.URL, number * STORIES_A_DOCUMENT + place),)
            for place, story in enumerate(stories)
        }
        await hand_in(store, feed, *stories, fingerprints=prints, validators=Validators(str(number)))
        say(number)


async def fill(store: Store) -> None:
    """Hand in documents until files may grow no more; then once more without the limit."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
    try:
        await commit(store)
    except StoreError as error:
        say(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "after"))
    say("stored again")


async def crowd(store: Store) -> None:
    """Hand in a document, and let no file grow from then on."""
    (feed,) = await subscribed(store)
    await hand_in(store, feed, a_new_story(feed, "kept", content="<p>" + "word " * 10_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, resource.RLIM_INFINITY))


def die(folder: Path) -> None:
    """Stores in folders 1, 2, 3, …: each left by a process that was killed as that statement began.

    The last is left by one that came to its end.
    """
    for statement in count(1):
        child = os.fork()  # far cheaper than a new interpreter
        if child == 0:
            asyncio.run(with_store(folder / str(statement), partial(commit_twice, statement)))
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            return


async def commit_twice(statement: int, store: Store) -> None:
    """Hand in a document, and another that ends the process as its statement of this number begins."""
    (feed,) = await subscribed(store)
    begun = count(1)

    def end(sql: str) -> None:
        if not sql.startswith("--") and next(begun) == statement:  # with dashes: the index's own statements
            os.kill(os.getpid(), signal.SIGKILL)

    for number in range(2):
        story = a_new_story(feed, str(number), tags=(Tag("news", Origin.RULE),))
        prints = {story.lead_uid: (Fingerprint(MatchedBy.URL, number),)}
        await hand_in(store, feed, story, fingerprints=prints, validators=Validators(str(number)))
        store._conn.set_trace_callback(end)
    store._conn.set_trace_callback(None)


async def with_store(folder: Path, deed: Callable[[Store], Awaitable[None]]) -> None:
    """Do this with the store in `folder`."""
    store = Store.open(folder)
    try:
        await deed(store)
    finally:
        store.close()


def main(what: str, folder: Path) -> None:
    """Do what the command line says."""
    if what == "die":
        die(folder)
    else:
        asyncio.run(with_store(folder, {"hold": hold, "commit": commit, "fill": fill, "crowd": crowd}[what]))
        # What measures coverage writes a file at the end.
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
