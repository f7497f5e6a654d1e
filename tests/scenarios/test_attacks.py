"""Every hostile feed at once, beside a good one, through the whole program from network to files.

What one module can prove alone is proved there; docs/politeness.md lists where.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from aggregator.core.formats.layout import SCRIPT
from aggregator.model import Feed
from aggregator.store import Reader
from tests.http import reply
from tests.newsroom import an_item, an_rss, serving_aside
from tests.scenarios.hostile import ATTACKS, SECRET, Attack

GOOD = "/good"
CONFIG = """\
poll: {host_gap: 0s, spread: 0s, per_host: 64, timeout: 3s, max_bytes: 2MB, parse_timeout: 6s,
  allow_private: [127.0.0.1]}
outputs: [{name: all, limit: 10000}]
feeds:
"""
FORBIDDEN = (b"javascript:", b"vbscript:", b"<script", b"onerror", b"srcdoc", b"data:text/html", b"file:///")


@dataclass(frozen=True)
class Aftermath:
    """What was left after one round over all hostile feeds."""

    ended: subprocess.CompletedProcess[str]
    feeds: dict[str, Feed]
    titles: dict[str, set[str]]
    public: dict[str, bytes]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("hostile")
    config, data = folder / "aggregator.yaml", folder / "data"
    with serving_aside() as web:
        urls = [web.on(attack.path, attack.answer) for attack in ATTACKS]
        urls.append(web.on(GOOD, reply(200, an_rss(an_item(7)))))
        config.write_text(CONFIG + "".join(f"  - {{url: '{url}', dedup: 'off'}}\n" for url in urls))
        command = [sys.executable, "-m", "aggregator", "--config", str(config), "--data", str(data), "poll"]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
        yield _aftermath(ended, data, len(web.url))


def _aftermath(ended: subprocess.CompletedProcess[str], data: Path, prefix: int) -> Aftermath:
    reader = Reader(data)
    feeds = {feed.url[prefix:]: feed for feed in reader.feeds()}
    titles: dict[str, set[str]] = {path: set() for path in feeds}
    for story in reader.stories(limit=100_000):
        for entry in story.entries:
            titles[entry.feed_url[prefix:]].add(entry.title)
    reader.close()
    public = {path.name: path.read_bytes() for path in (data / "public").iterdir() if path.is_file()}
    return Aftermath(ended, feeds, titles, public)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_an_attack_costs_at_most_its_own_feed(attack: Attack, aftermath: Aftermath) -> None:
    feed = aftermath.feeds[attack.path]

    assert set(attack.keeps) <= aftermath.titles[attack.path]
    assert (attack.tells or "") in str(feed.last_error or "")
    assert bool(feed.last_error) is bool(feed.failures)


def test_the_good_feed_beside_them_is_read(aftermath: Aftermath) -> None:
    assert aftermath.ended.returncode == 0
    assert aftermath.titles[GOOD] == {"News number 7 of today"}


def test_no_failure_is_a_traceback(aftermath: Aftermath) -> None:
    assert "Traceback" not in aftermath.ended.stderr + aftermath.ended.stdout


@pytest.mark.parametrize("name", ["all.atom", "all.rss", "all.html"])
def test_nothing_that_could_run_is_published(name: str, aftermath: Aftermath) -> None:
    ours = f"<script>{SCRIPT}</script>".encode()
    body = aftermath.public[name].replace(ours, b"").lower()

    assert [word for word in FORBIDDEN if word in body] == []


def test_nothing_that_could_run_is_published_as_json(aftermath: Aftermath) -> None:
    items = json.loads(aftermath.public["all.json"])["items"]
    texts = [item["content_html"] + item.get("url", "") for item in items]  # a title is plain text there

    assert [text for text in texts for word in FORBIDDEN if word.decode() in text.lower()] == []


@pytest.mark.parametrize("name", ["all.atom", "all.rss"])
def test_what_is_published_is_xml(name: str, aftermath: Aftermath) -> None:
    assert len(etree.fromstring(aftermath.public[name], etree.XMLParser(huge_tree=True)))


def test_no_file_of_ours_was_read(aftermath: Aftermath) -> None:
    secret = Path(SECRET).read_bytes().splitlines()[0]

    assert [name for name, body in aftermath.public.items() if secret in body] == []
