"""The pictures of the docs: the pages of the demo after four days, by a clock that never differs.

    make pictures          or: python -m tests.pictures [FOLDER]

The papers of the demo are read as the daemon reads them, but for the network. So a picture changes where its
page does, and a diff of docs/pictures/ shows it. Needs Debian's chromium, and a font for one Japanese paper
(fonts-vlgothic or fonts-noto-cjk).

To add one: a row in PICTURES, and the page of docs/ that shows it.
"""

import asyncio
import base64
import logging
import re
import struct
import sys
import tempfile
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser

from aggregator.app.oversight import Condition, Oversight
from aggregator.app.parts import Parts, open_parts
from aggregator.app.showing import Showing
from aggregator.config import load_text
from aggregator.demo import DemoSite, config_text
from aggregator.model import Answer, Health, Request
from aggregator.web import Server, create_app
from tests.builders import NOON
from tests.newsroom import DirectParser, a_body
from tests.web.browser import PHONE, chromium, visit

PAPERS = "https://papers.example/"
HOUR = timedelta(hours=1)
BEGINS, EVERY = NOON - 96 * HOUR, 2 * HOUR
FIRST_EDITION = NOON - 36 * HOUR  # when the demo's script begins; what its papers have printed is older
PACE = 255 * timedelta(seconds=1) / (NOON - FIRST_EDITION)  # its last item is as old as noon
COLOURS = 96  # enough for text that is smoothed; a third of the bytes
FOLDER = Path(__file__).parent.parent / "docs" / "pictures"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a browser shows it; a `link` of it is followed first, where that is named (CSS)."""

    name: str
    path: str
    link: str = ""
    size: tuple[int, int] = (1100, 900)
    options: dict[str, Any] = field(default_factory=dict)


SMALL = (PHONE["width"], PHONE["height"])
DARK = {"color_scheme": "dark"}
STORY = ".items li:has(.also a + a + a) .judged"  # one that four papers tell
PICTURES = (
    Picture("page", "/"),
    Picture("page-dark", "/", options=DARK),
    Picture("output", "/everything.html"),
    Picture("story", "/everything.html", STORY),
    Picture("event", "/", ".top a[href^=events]"),
    Picture("search", "/search?q=wind*+OR+tide"),
    Picture("sources", "/feeds"),
    Picture("stats", "/stats"),
    Picture("phone-page", "/", size=SMALL),
    Picture("phone-event", "/", ".top a[href^=events]", SMALL),
    Picture("phone-sources", "/feeds", size=SMALL),
    Picture("phone-stats", "/stats", size=SMALL, options=DARK),
)


@dataclass
class PaperBoy:
    """Brings the demo's papers as the network would, one of them now and then not at all."""

    site: DemoSite
    origin: str
    now: datetime = BEGINS

    async def get(self, request: Request) -> Answer:
        """The paper at this address as it stands."""
        path = urlsplit(request.url).path
        luck = zlib.crc32(f"{path} {self.now}".encode())
        answer = Answer(url=request.url, took_ms=40 + luck % 400 + 4000 * (luck % 31 == 0))
        page = self.site.page(path)
        if page is None:
            return replace(answer, status=404, error="HTTP 404 Not Found")
        if path.startswith("/lattice") and luck % 7 == 0:
            return replace(answer, status=503, error="HTTP 503 Service Unavailable")
        said = page.body.replace(self.origin.encode(), PAPERS.encode())
        body = a_body(said)
        return replace(answer, status=200, body=body, content_type=page.content_type)


def config() -> str:
    """The demo's, with the rhythm of the world, and with a paper that is gone."""
    text = re.sub(r"^poll:\n(?: .*\n)+", "poll: {jitter: 0}\n", config_text(PAPERS), flags=re.MULTILINE)
    return text.replace("feeds:\n", f"feeds:\n  - {PAPERS}tidewater/rss.xml\n", 1)


@asynccontextmanager
async def four_days(folder: Path) -> AsyncIterator[str]:
    """Where the pages are served of an aggregator that has read the papers until noon."""
    clock = [FIRST_EDITION]
    site = DemoSite(PACE, now=lambda: clock[0])
    boy = PaperBoy(site, site.start())
    clock[0] = BEGINS
    loaded = load_text(config(), folder / "demo.yaml", {})
    try:
        async with open_parts(loaded, folder, now=lambda: clock[0]) as parts:
            parts.poller = parts.poller.hand_over(parts.poller.plan, boy, DirectParser())
            while clock[0] < NOON:
                clock[0] = boy.now = clock[0] + EVERY
                for feed in parts.reader.feeds():
                    await parts.poll(feed)
            await parts.publish()
            async with _served(parts) as origin:
                yield origin
    finally:
        site.stop()


def calm() -> Condition:
    """Nothing is wrong with the program."""
    return Condition(
        health=Health(last_ok_at=NOON),
        config_problem=None,
        write_problems={},
        proved=True,
        under_way=0,
        waiting=0,
        published_at=NOON,
    )


@asynccontextmanager
async def _served(parts: Parts) -> AsyncIterator[str]:
    oversight = Oversight(parts, calm, now=parts.now)
    await oversight.look()
    site = Showing(parts, lambda: Health(last_ok_at=NOON), tuple, tuple, oversight)
    app = create_app(site, now=parts.now)
    server = Server(app, "127.0.0.1", 0, at_once=app.at_once)
    await server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


async def taken(browser: Browser, origin: str, picture: Picture) -> bytes:
    """The picture as PNG, in few colours."""
    width, height = picture.size
    shown_at = {"viewport": {"width": width, "height": height}, **picture.options}
    async with visit(browser, origin + picture.path, **shown_at) as visited:
        if picture.link:
            await visited.page.locator(picture.link).first.click()
        whole = await visited.page.screenshot()
        blank = await visited.page.context.new_page()
        address = f"data:image/png;base64,{base64.b64encode(whole).decode()}"
        palette, pixels = await blank.evaluate(FEW_COLOURS, [address, COLOURS])
    return png(width, height, bytes(palette), base64.b64decode(pixels))


# The most common colours that are not nearly the same, and for every pixel the nearest of them: so a green
# dot stays green beside all the greys of smoothed text.
FEW_COLOURS = """async ([address, most]) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const seen = new Uint32Array(canvas.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const colour of seen) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const parts = colour => [colour & 255, colour >> 8 & 255, colour >> 16 & 255];
  const common = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const chosen = [];
  const apart = colour => chosen.map(one => one.reduce((sum, part, i) => sum + (part - colour[i]) ** 2, 0));
  for (const colour of common.map(parts)) {
    if (chosen.length < most && Math.min(...apart(colour)) > 100) chosen.push(colour);
  }
  const places = new Map();
  for (const colour of common) {
    const all = apart(parts(colour));
    places.set(colour, all.indexOf(Math.min(...all)));
  }
  let told = "";
  for (const colour of seen) told += String.fromCharCode(places.get(colour));
  return [chosen.flat(), btoa(told)];
}"""


def png(width: int, height: int, palette: bytes, pixels: bytes) -> bytes:
    """A PNG file with a palette (PNG, third edition, §11): no line is filtered, which suits few colours."""
    lines = (b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    body = zlib.compress(b"".join(lines), level=9)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check


async def main(folder: Path) -> None:
    """Take all of them."""
    logging.getLogger("aggregator").setLevel(logging.ERROR)  # a paper that is gone is meant to be
    with tempfile.TemporaryDirectory() as data:
        async with four_days(Path(data)) as origin, chromium() as browser:
            for picture in PICTURES:
                made = await taken(browser, origin, picture)
                (folder / f"{picture.name}.png").write_bytes(made)
                sys.stdout.write(f"{picture.name}.png  {len(made):,} bytes\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER))
