"""The configs on the pages, polled and published, with feeds of the test in the place of those they name."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.blocks import PAGES, ROOT, Block, blocks_of
from tests.http import WebServer, reply
from tests.newsroom import Desk, an_item, an_rss, clean_environment, serving_aside

OF_OTHERS = ("services:", "# prometheus.yml")
"""How blocks begin that are for compose and Prometheus."""
QUICKLY = {"host_gap": "0s", "spread": "0s", "per_host": 4}
SECRETS = {"MY_TOKEN": "abc", "MY_PASSWORD": "abc", "RESEARCH_TOKEN": "0123456789-abcdef"}
CONFIGS = [
    block
    for page in PAGES
    for block in blocks_of(page)
    if block.language == "yaml" and not block.text.startswith(OF_OTHERS)
]


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A server with a feed, and a list that names another."""
    with serving_aside() as server:
        server.on("/rss", reply(200, an_rss(an_item(100))))
        listed = server.on("/listed", reply(200, an_rss(an_item(101))))
        server.on("/blogroll.opml", reply(200, a_list(listed).encode()))
        yield server


@pytest.fixture
def desk(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """A desk with the secrets and the list that the pages name."""
    clean_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "subscriptions.opml").write_text(a_list(f"{web.url}/listed"), encoding="utf-8")
    return Desk(tmp_path, monkeypatch, capsys)


def a_list(url: str) -> str:
    return f'<opml version="2.0"><body><outline type="rss" text="x" xmlUrl="{url}"/></body></opml>'


def brought_here(text: str, web: WebServer) -> dict[str, Any]:
    """The config, with whatever it names on the web at this server; a feed where it has none."""
    config: dict[str, Any] = yaml.safe_load(re.sub(r"https?://[\w.-]+(:\d+)?", web.url, text))
    config.setdefault("feeds", [f"{web.url}/rss"])
    poll = config.setdefault("poll", {})
    poll |= {**QUICKLY, "allow_private": [*poll.get("allow_private", []), "127.0.0.1"]}
    return config


def addresses_in(config: dict[str, Any]) -> list[str]:
    """The feeds that the config names itself."""
    feeds = [{"url": feed} if isinstance(feed, str) else feed for feed in config["feeds"]]
    return [feed["url"] for feed in feeds if "url" in feed]


@pytest.mark.parametrize("block", CONFIGS, ids=lambda block: block.place)
def test_a_config_on_a_page_is_polled_and_published(block: Block, desk: Desk, web: WebServer) -> None:
    config = brought_here(block.text, web)
    for number, url in enumerate(addresses_in(config)):
        answer = reply(200, an_rss(an_item(number), title=f"Feed {number}"))
        web.on(url.removeprefix(web.url), answer)
        web.on(url, answer)  # as it is asked for where we are the proxy
    written = yaml.safe_dump(config, allow_unicode=True).replace(
        "dedup: false", "dedup: off"
    )  # as YAML 1.1 has it
    desk.config.write_text(written, encoding="utf-8")

    ended = desk.run("poll")

    assert (ended.code, ended.err) == (0, "")
    assert re.search(r"^[1-9]\d* feeds? polled \(\d+ new\)$", ended.out, re.MULTILINE), ended.out
    for output in config.get("outputs", [{"name": "all"}]):
        is_public = f"{output['name']}.atom" in desk.published()
        assert is_public != ("token" in output), output["name"]


def test_the_mistake_in_the_readme_is_told_as_it_shows_it(desk: Desk) -> None:
    config, shown = (one.text for one in blocks_of(ROOT / "README.md") if one.language in ("yaml", ""))
    Path("config").mkdir()
    Path("subscriptions.opml").rename("config/subscriptions.opml")
    Path("config/aggregator.yaml").write_text(config.replace("gas pipeline*", "titel:pipeline*"))

    ended = desk.type("check")

    assert (ended.code, ended.out) == (2, shown)
