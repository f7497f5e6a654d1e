"""A running daemon does what a command beside it asks for."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from aggregator.app.orders import FOLDER, ORDER, PATIENCE, Order, Orders, Taken, give
from aggregator.errors import OrderError
from tests.app.alive import Running, has, running, until
from tests.http import WebServer, reply
from tests.newsroom import an_item, an_rss


async def test_a_running_daemon_splits_and_merges_and_publishes(tmp_path: Path, web: WebServer) -> None:
    shared = an_item(1, link="https://news.example.org/dam")
    urls = [web.on(f"/{name}", reply(200, an_rss(shared, title=name))) for name in ("one", "two")]
    async with running(tmp_path, *urls) as alive:
        await until(lambda: has(alive, 1))
        await until(lambda: told_twice(alive))

        said = await asyncio.to_thread(give, alive.parts.data, Order("split", ("2",)))
        await until(lambda: has(alive, 2))
        one, two = (story.id for story in alive.parts.reader.stories(limit=9))
        again = await asyncio.to_thread(give, alive.parts.data, Order("merge", (one, two)))
        await until(lambda: has(alive, 1))
        page = await alive.get(f"stories/{one}")
        kept = await alive.get(f"stories/{page.headers['location']}")

    assert (page.status_code, page.headers["location"]) == (301, two)
    assert kept.status_code == 200
    assert said.startswith("entry ")
    assert again == f"story {one} is part of story {two} now"
    assert list((alive.parts.data / FOLDER).iterdir()) == []


async def told_twice(alive: Running) -> bool:
    """Whether both feeds have told the story."""
    return [len(story.entries) for story in alive.parts.reader.stories(limit=9)] == [2]


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (Order("split", ("9",)), "no entry '9'"),
        (Order("merge", ("1",)), "'merge' of 1 is no order that this version knows"),
        (Order("fly", ()), "'fly' of 0 is no order"),
    ],
)
async def test_what_cannot_be_done_is_refused_and_the_daemon_goes_on(
    tmp_path: Path, web: WebServer, order: Order, refusal: str
) -> None:
    async with running(tmp_path, web.on("/one", reply(200, an_rss(an_item(1))))) as alive:
        await until(lambda: has(alive, 1))

        with pytest.raises(OrderError, match=refusal):
            await asyncio.to_thread(give, alive.parts.data, order)

        assert alive.daemon.health().ok


@pytest.mark.parametrize(("seconds", "is_taken"), [(0.0, True), (PATIENCE + 1, False)])
def test_a_daemon_that_begins_obeys_whoever_waits_and_nobody_who_has_gone(
    tmp_path: Path, seconds: float, is_taken: bool
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    order = folder / f"1{ORDER}"
    order.write_text('{"do": "split", "ids": ["1"]}')
    given = time.time() - seconds
    os.utime(order, (given, given))

    taken = [one.order() for one in Orders(tmp_path).taken()]

    assert taken == [Order("split", ("1",))] * is_taken
    assert not order.exists()


def test_what_is_no_file_stays_and_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / FOLDER
    (folder / f"1{ORDER}").mkdir(parents=True)
    (folder / "notes").mkdir()
    (folder / f"2{ORDER}").write_text('{"do": "split", "ids": ["1"]}')
    orders = Orders(tmp_path)

    taken = [one.order() for _ in range(2) for one in orders.taken()]

    assert taken == [Order("split", ("1",))]
    assert [record.getMessage() for record in caplog.records] == [
        f"ignored path={folder}/1{ORDER} reason='no file, so no order; remove it'"
    ]


def test_an_order_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OrderError, match="cannot be read: Is a directory"):
        Taken(tmp_path).order()
