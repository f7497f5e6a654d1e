"""`split` and `merge` at a terminal, with a daemon beside them and without."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from aggregator.app.orders import ANSWER, FOLDER, ORDER, Order, Orders, give
from aggregator.errors import DataFolderError, OrderError
from aggregator.store import Store
from tests.newsroom import Desk

GAS = "https://news.example.org/gas"


def judged(desk: Desk, wanted: str = GAS) -> dict[str, Any]:
    """How the first entry was judged that this names."""
    said: dict[str, Any] = json.loads(desk.run("why", wanted, "--json").out)
    return said


def ids(desk: Desk, name: str = "all") -> set[str]:
    """The ids that a reader of the output sees."""
    return {
        item["id"].removeprefix("urn:uuid:") for item in json.loads(desk.published()[f"{name}.json"])["items"]
    }


def test_split_gives_an_entry_an_item_of_its_own(stocked: Desk) -> None:
    first = judged(stocked)
    (second,) = first["others"]
    before = ids(stocked)

    ended = stocked.run("split", str(second["id"]))

    uid = second["uid"]
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"entry {uid} tells story {uid} of its own; it told {first['story']['id']}\n"
    assert ids(stocked) == before | {uid}


def test_merge_leaves_one_item_the_older(stocked: Desk) -> None:
    kept = judged(stocked)["story"]["id"]
    other = judged(stocked, "https://news.example.org/3")["story"]["id"]
    before = ids(stocked)

    ended = stocked.run("merge", other, kept)

    gone = (before - ids(stocked)).pop()
    assert ended.code == 0
    assert gone in {kept, other}
    assert ended.out == f"story {gone} is part of story {({kept, other} - {gone}).pop()} now\n"


@pytest.mark.parametrize("words", [("split", "999"), ("merge", "nobody", "no one")])
def test_an_unknown_id_ends_with_1_and_tells_how_to_find_it(stocked: Desk, words: tuple[str, ...]) -> None:
    ended = stocked.run(*words)

    assert ended.code == 1
    assert "`aggregator why URL` shows the" in ended.err


class TestBesideADaemon:
    def test_the_daemon_does_it_and_the_command_says_so(self, stocked: Desk) -> None:
        uid = judged(stocked)["others"][0]["uid"]

        with answering(stocked.data, ok=True, said="done"):
            ended = stocked.run("split", uid)

        assert (ended.code, ended.out) == (0, "done\n")

    def test_a_refusal_ends_with_1(self, stocked: Desk) -> None:
        with answering(stocked.data, ok=False, said="no entry '9'"):
            ended = stocked.run("split", "9")

        assert (ended.code, ended.err) == (1, "aggregator: no entry '9'\n")

    def test_another_command_that_holds_the_folder_takes_no_orders(self, stocked: Desk) -> None:
        store = Store.open(stocked.data)
        try:
            ended = stocked.run("split", "1")
        finally:
            store.close()

        assert ended.code == 1
        assert "takes no orders; nothing was changed: try again when it has ended" in ended.err

    def test_an_order_that_nobody_takes_is_withdrawn(self, tmp_path: Path) -> None:
        folder = tmp_path / FOLDER
        folder.mkdir()

        with pytest.raises(OrderError, match="nothing was changed"):
            give(tmp_path, Order("split", ("1",)), patience=0.1)

        assert list(folder.iterdir()) == []

    def test_an_order_that_was_taken_is_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("aggregator.app.orders.LONGEST", 0.1)
        orders = Orders(tmp_path)
        assert list(orders.taken()) == []
        taking = Thread(target=lambda: _take_one(orders))
        taking.start()

        with pytest.raises(OrderError, match="has not answered yet"):
            give(tmp_path, Order("split", ("1",)), patience=0.5)
        taking.join()

    def test_a_folder_that_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        (tmp_path / FOLDER).write_text("a file")

        with pytest.raises(DataFolderError, match="cannot be used by user"):
            give(tmp_path, Order("split", ("1",)))
        with pytest.raises(DataFolderError, match="cannot be used by user"):
            list(Orders(tmp_path).taken())


class TestTheDaemonsSide:
    def test_what_lay_there_long_before_it_began_is_thrown_away(self, tmp_path: Path) -> None:
        folder = tmp_path / FOLDER
        folder.mkdir()
        (folder / f"1{ORDER}").write_text('{"do": "split", "ids": ["1"]}')
        (folder / f"0{ANSWER}").write_text("{}")
        os.utime(folder / f"1{ORDER}", (0, 0))

        assert list(Orders(tmp_path).taken()) == []
        assert list(folder.iterdir()) == []

    def test_orders_are_taken_once_and_in_the_order_of_time(self, tmp_path: Path) -> None:
        orders = Orders(tmp_path)
        list(orders.taken())
        for number in (2, 1):
            (tmp_path / FOLDER / f"{number}{ORDER}").write_text(f'{{"do": "split", "ids": ["{number}"]}}')

        assert [one.order() for one in orders.taken()] == [Order("split", ("1",)), Order("split", ("2",))]
        assert list(orders.taken()) == []

    @pytest.mark.parametrize("nonsense", ["", "[]", '{"do": 1}', '{"do": "split", "ids": 3}', "x" * 20_000])
    def test_nonsense_is_no_order(self, tmp_path: Path, nonsense: str) -> None:
        orders = Orders(tmp_path)
        list(orders.taken())
        (tmp_path / FOLDER / f"1{ORDER}").write_text(nonsense)
        (taken,) = orders.taken()

        with pytest.raises(OrderError, match="is no order"):
            taken.order()


def _take_one(orders: Orders) -> None:
    while not list(orders.taken()):
        pass


@contextmanager
def answering(data: Path, *, ok: bool, said: str) -> Iterator[None]:
    """A process that owns the folder, and answers one order so."""
    store, orders = Store.open(data), Orders(data)
    list(orders.taken())

    def answer() -> None:
        while not (found := list(orders.taken())):
            pass
        found[0].answer(ok=ok, said=said)

    thread = Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        store.close()
