"""The website in trouble: stale data, a store out of reach, more slow pages at once than it has room for."""

import asyncio
import json
import threading
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError, StoreError
from aggregator.model import Health, Rendered
from tests.builders import a_rendered
from tests.web.asking import ask, website
from tests.web.sites import FakeSite

BROKEN = StoreError(Path("/srv/secret/aggregator.db"), "the disk is full; make room and try again")


async def test_health_is_200_while_the_data_is_fresh() -> None:
    answer = await ask("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "problems": []}


async def test_health_is_503_with_the_reasons_when_it_is_not() -> None:
    answer = await ask(
        "/healthz", FakeSite(state=Health(problems=("Nothing was heard for 3 hours – café.",)))
    )

    assert answer.status_code == 503
    assert answer.json() == {"ok": False, "problems": ["Nothing was heard for 3 hours – café."]}


@pytest.mark.parametrize("path", ["/", "/feeds", "/tag/energy.atom"])
async def test_a_store_that_cannot_be_asked_makes_a_page_that_says_so(path: str) -> None:
    answer = await ask(path, FakeSite(broken=BROKEN))

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "the disk is full; make room and try again" in answer.text


async def test_the_place_of_the_data_folder_is_told_to_no_stranger() -> None:
    answer = await ask("/", FakeSite(broken=BROKEN))

    assert "/srv/secret" not in answer.text


async def test_other_errors_of_ours_are_told_as_they_are() -> None:
    answer = await ask("/", FakeSite(broken=AggregatorError("a <b>reason</b>")))

    assert answer.status_code == 503
    assert "a &lt;b&gt;reason&lt;/b&gt;" in answer.text


async def test_the_page_of_trouble_leads_back_from_any_depth() -> None:
    answer = await ask("/tag/europe/elections.html", FakeSite(broken=BROKEN))

    assert '<a href="../../feeds">Sources</a>' in answer.text


async def test_while_the_store_is_out_of_reach_outputs_and_icon_are_served() -> None:
    async with website(FakeSite(broken=BROKEN)) as client:
        output = await client.get("/security.atom")
        icon = await client.get("/favicon.ico")
        health = await client.get("/healthz")

    assert output.status_code == icon.status_code == 200
    assert health.status_code == 503
    assert json.loads(health.text)["problems"] == ["the disk is full; make room and try again"]


class SlowSite(FakeSite):
    """A store that answers when the test lets it."""

    def __init__(self) -> None:
        super().__init__(on_demand={("slow", "atom"): a_rendered()})
        self.go = threading.Event()
        self.began = threading.Semaphore(0)

    def tag_output(self, tag: str, suffix: str) -> Rendered | None:
        self.began.release()
        self.go.wait(20)
        return super().tag_output(tag, suffix)


async def test_too_many_slow_pages_at_once_are_refused_while_outputs_are_served() -> None:
    site = SlowSite()

    async with website(site, patience_seconds=0.2) as client:
        slow = [asyncio.create_task(client.get("/tag/slow.atom")) for _ in range(4)]
        for _ in slow:
            await asyncio.to_thread(site.began.acquire)
        page = await client.get("/")
        health = await client.get("/healthz")
        output = await client.get("/security.atom")
        site.go.set()
        finished = await asyncio.gather(*slow)
        later = await client.get("/")

    assert page.status_code == health.status_code == 503
    assert "Too many pages are being made at once" in page.text
    assert health.json()["problems"] == ["Too many pages are being made at once"]
    assert output.status_code == 200
    assert [one.status_code for one in finished] == [200] * 4
    assert later.status_code == 200


async def test_a_page_waits_for_its_turn_before_it_is_refused() -> None:
    site = SlowSite()

    async with website(site) as client:
        slow = [asyncio.create_task(client.get("/tag/slow.atom")) for _ in range(4)]
        for _ in slow:
            await asyncio.to_thread(site.began.acquire)
        waiting = asyncio.create_task(client.get("/"))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        site.go.set()
        page = await waiting
        await asyncio.gather(*slow)

    assert not done
    assert page.status_code == 200
