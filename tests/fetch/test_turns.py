"""Turns at a host: how many requests at once, and the rest between two."""

import asyncio
from datetime import timedelta
from itertools import pairwise

from aggregator.core.settings import PollSettings
from aggregator.fetch import Fetcher
from aggregator.model import Request
from tests.fetch.asking import BODY, OK, SETTINGS, said, within
from tests.http import WebServer


async def times(web: WebServer, settings: PollSettings, hosts: int = 1) -> list[float]:
    """When six requests came in, spread over so many names of the server's host."""
    web.on("/rss", OK)
    names = ["127.0.0.1", "localhost"][:hosts]
    async with Fetcher(settings) as fetcher:
        urls = [f"http://{names[number % hosts]}:{web.port}/rss" for number in range(6)]
        answers = await asyncio.gather(*(fetcher.get(Request(url=url)) for url in urls))
    assert [said(answer) for answer in answers] == [BODY] * 6
    return sorted(asked.at for asked in web.asked)


async def test_one_host_is_asked_one_request_at_a_time(web: WebServer) -> None:
    await times(web, SETTINGS)

    assert web.most_at_once == 1


async def test_and_given_a_rest_between_two(web: WebServer) -> None:
    at = await times(web, within(host_gap=timedelta(seconds=0.05)))

    assert all(later - earlier >= 0.045 for earlier, later in pairwise(at))


async def test_the_limit_over_all_hosts_holds(web: WebServer) -> None:
    await times(web, within(concurrency=1, per_host=6, host_gap=timedelta(0)), hosts=2)

    assert web.most_at_once == 1


async def test_waiting_for_a_turn_is_not_on_the_clock(web: WebServer) -> None:
    settings = within(host_gap=timedelta(seconds=0.15), timeout=timedelta(seconds=0.4))

    assert len(await times(web, settings)) == 6


async def test_a_request_that_failed_is_followed_by_a_rest_too(web: WebServer) -> None:
    async def hangs_up_late(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        ended.append(asyncio.get_running_loop().time())
        writer.close()

    ended: list[float] = []
    web.on("/late", hangs_up_late)
    web.on("/rss", OK)

    async with Fetcher(within(host_gap=timedelta(seconds=0.15))) as fetcher:
        urls = [f"{web.url}/late", f"{web.url}/rss"]
        await asyncio.gather(*(fetcher.get(Request(url=url)) for url in urls))

    assert web.asked[1].at - ended[0] >= 0.14


async def test_one_that_takes_over_keeps_the_distance_of_the_one_before(web: WebServer) -> None:
    settings = within(host_gap=timedelta(seconds=0.2))
    request = Request(url=web.on("/rss", OK))

    async with Fetcher(settings) as before:
        said(await before.get(request))
        async with Fetcher(settings, after=before) as after:
            said(await after.get(request))

    first, second = (asked.at for asked in web.asked)
    assert second - first >= 0.195


async def test_one_that_takes_over_has_its_own_limits(web: WebServer) -> None:
    async with Fetcher(within(concurrency=1)) as before:
        pass
    web.on("/rss", OK)
    names = ["127.0.0.1", "localhost"]

    async with Fetcher(within(concurrency=9, per_host=9), after=before) as after:
        urls = [f"http://{names[number % 2]}:{web.port}/rss" for number in range(6)]
        for answer in await asyncio.gather(*(after.get(Request(url=url)) for url in urls)):
            said(answer)

    assert web.most_at_once > 1
