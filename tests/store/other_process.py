"""Another process with a store open, to be asked, crowded out or killed by a test.

Run as `python -m tests.store.other_process WHAT FOLDER`; it says what it did, a line each, and obeys no one.
`hold` opens the store and waits; `commit` hands in documents without end; `fill` does so under a file size
limit, until SQLite refuses. To add one: a function here, by its name.
"""

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO

from aggregator.errors import StoreError
from aggregator.model import Fingerprint, MatchedBy, Validators
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


async def main() -> None:
    """Do what the command line says."""
    deeds = {"hold": hold, "commit": commit, "fill": fill}
    store = Store.open(Path(sys.argv[2]))
    try:
        await deeds[sys.argv[1]](store)
    finally:
        store.close()


if __name__ == "__main__":
    asyncio.run(main())
