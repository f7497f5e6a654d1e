"""The commands on the pages, typed in the folder that the tutorial leaves behind.

Each block begins with that folder anew; one that begins with `init` has no config yet. What else is in the
folder stands below. A line that is not typed has its reason in LEFT_OUT of learner.py.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aggregator.cli.working import PAPERS_PACE
from aggregator.demo import DemoSite
from tests.docs.blocks import PAGES, ROOT, Step, blocks_of, spans_of, steps_of
from tests.docs.learner import LEFT_OUT, Learner, a_learner, free_addresses, reason_to_leave_out
from tests.http import WebServer, reply
from tests.newsroom import serving_aside

TUTORIAL = ROOT / "docs" / "tutorial.md"
CONFIG = Path("config") / "aggregator.yaml"
ELSEWHERE = {
    r"^docker compose exec (-T )?aggregator ": "",
    r"^\$aggregator ": "aggregator ",
    r"/etc/aggregator/": "config/",
    r"/var/lib/aggregator": "data",
    r"/var/www/": "www/",
    r"/data/": "data/",
}
"""What a line says of a container or of a machine with our unit, and what it is in a folder."""
MISTAKES = {"aggregator check --fix": ("exclude:", "exlude:")}
"""What is misspelt in the config before these lines."""
BLOG = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Example Blog</title><id>urn:blog</id>
<updated>2026-11-24T08:00:00Z</updated>{}</feed>"""
POST = "<entry><id>urn:post:{0}</id><title>{1}</title><updated>2026-11-24T08:00:00Z</updated></entry>"
HEADLINES = ["Dam bursts in northern valley", "A bridge for badgers", "What the tide brought"]
HEADLINES += [f"Note {number}" for number in range(4, 21)]


@dataclass(frozen=True, slots=True)
class Study:
    """A folder with a config and a polled store, and where it finds what the pages name."""

    folder: Path
    here: dict[str, str]
    served: str


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    papers, served = islice(free_addresses(), 2)
    site = DemoSite(PAPERS_PACE, port=int(papers.rpartition(":")[2]))
    site.start()
    folder = tmp_path_factory.mktemp("study")
    with serving_aside() as web, pytest.MonkeyPatch.context() as monkeypatch:
        a_blog(web)
        outside = urlsplit(web.url).netloc
        here = {"127.0.0.1:8090": papers, "127.0.0.1:8080": served}
        here |= {"https://example.org": web.url, "example.org": outside}
        with a_learner(monkeypatch, folder, here) as learner:
            learner.follow([block for block in blocks_of(TUTORIAL) if block.file][-1])
            papers_named = re.findall(r"http://\S+", CONFIG.read_text())
            for url in papers_named:  # one by one, so that whose telling comes first is as in the tutorial
                learner.do(Step("study", f"aggregator poll {url}", "…\n1 feed polled (1 new)\n…\n"))
            feeds_opml(folder, papers_named)
        yield Study(folder, here, served)
    site.stop()


def a_blog(web: WebServer) -> None:
    """What `https://example.org/blog` is."""
    posts = "".join(POST.format(number, title) for number, title in enumerate(HEADLINES))
    link = '<link rel="alternate" type="application/atom+xml" href="/blog/feed.xml">'
    page = f"<html><head><title>Blog</title>{link}</head></html>"
    web.on("/blog", reply(200, page.encode(), content_type="text/html"))
    web.on("/blog/feed.xml", reply(200, BLOG.format(posts).encode(), content_type="application/atom+xml"))


def feeds_opml(folder: Path, known: list[str]) -> None:
    """What another reader exported: 41 feeds, with those that are in the config."""
    urls = [*known, *(f"https://news.example.net/{number}" for number in range(41 - len(known)))]
    lines = "".join(f'<outline type="rss" text="{url}" xmlUrl="{url}"/>' for url in urls)
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{lines}</body></opml>')


@pytest.fixture
def learner(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Learner]:
    """Somebody in a copy of the study."""
    shutil.copytree(study.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "www").mkdir()
    (backups := tmp_path / "backups").mkdir()
    with a_learner(monkeypatch, tmp_path, study.here | {"/backups": str(backups)}) as learner:
        monkeypatch.setenv("AGGREGATOR_LISTEN", study.served)
        yield learner


def steps_on(page: Path) -> list[tuple[str, list[Step]]]:
    """The steps of each block of the page that has any, and of each whole command in its sentences."""
    steps = [(block.place, steps_of(block)) for block in blocks_of(page)]
    name = str(page.relative_to(ROOT))
    whole = [span for span in spans_of(page) if len(span.split()) > 2 and not re.search(r"[A-Z]{2}", span)]
    return [
        *((place, some) for place, some in steps if some),
        *((name, [Step(name, one, None)]) for one in whole),
    ]


def there(step: Step) -> Step:
    """The step as it is done in a folder."""
    typed = step.typed
    for pattern, here in ELSEWHERE.items():
        typed = re.sub(pattern, here, typed)
    return replace(step, typed=typed)


READ_ONLY = {TUTORIAL, ROOT / "docs" / "reference" / "commands.md"}
"""The tutorial has a test of its own. The other has the examples of `--help`, which name feeds and stories
that there are none of: test_lines.py has them parsed, and what each does stands on docs/commands.md."""
EXAMPLES = [one for page in PAGES if page not in READ_ONLY for one in steps_on(page)]


@pytest.mark.parametrize(("place", "steps"), EXAMPLES, ids=[place for place, _ in EXAMPLES])
def test_a_block_does_what_its_page_says(place: str, steps: list[Step], learner: Learner) -> None:
    config = CONFIG.read_text()
    if steps[0].typed.startswith("aggregator init"):
        shutil.rmtree("config")

    for step in map(there, steps):
        if step.typed.startswith("aggregator run"):  # never on a config that names feeds of others
            CONFIG.write_text(config)
        for wanted, (right, wrong) in MISTAKES.items():
            if step.typed.startswith(wanted):
                CONFIG.write_text(config.replace(right, wrong))
        learner.do(step)

    assert learner.end() in ([], [0]), place
    assert learner.absent == []


def test_every_line_that_is_left_out_stands_on_a_page() -> None:
    typed = [there(step).typed for page in PAGES for block in blocks_of(page) for step in steps_of(block)]

    assert [line for line in LEFT_OUT if not any(re.match(line, one) for one in typed)] == []


def test_more_is_typed_than_left_out() -> None:
    typed = [there(step).typed for _, steps in EXAMPLES for step in steps]

    assert sum(one.startswith("aggregator ") for one in typed) > 15
    assert not [one for one in typed if one.startswith("aggregator ") and reason_to_leave_out(one)]
