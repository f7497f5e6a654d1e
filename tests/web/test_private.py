"""Private outputs: who knows the token reads them, and to all others there is nothing. Over real sockets."""

import pytest

from aggregator.core.settings import OutputSettings
from tests.builders import a_rendered
from tests.web.asking import ask
from tests.web.sites import FakeSite

TOKEN, OTHER = "0123456789-abcdef", "fedcba-9876543210"

SITE = FakeSite(
    configured=[],
    hidden=[
        OutputSettings(name="mine", title="Mine", token=TOKEN, was=("ours",)),
        OutputSettings(name="yours", title="Yours", token=OTHER),
    ],
    secrets={"mine.atom": a_rendered("<mine/>"), "yours.atom": a_rendered("<yours/>")},
)


async def test_who_knows_the_token_reads_the_output() -> None:
    answer = await ask(f"/private/{TOKEN}/mine.atom", SITE)

    assert (answer.status_code, answer.content) == (200, b"<mine/>")


async def test_nobody_between_us_keeps_it_or_lists_it() -> None:
    headers = (await ask(f"/private/{TOKEN}/mine.atom", SITE)).headers

    assert headers["Cache-Control"] == "private, max-age=60"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        f"/private/{OTHER}/mine.atom",
        f"/private/{TOKEN[:-1]}/mine.atom",
        f"/private/{TOKEN}é/mine.atom",
        f"/private/{TOKEN}/mine.pdf",
        f"/private/{TOKEN}/mine.rss",
        f"/private/{OTHER}/ours.atom",
        f"/private/{TOKEN}",
        f"/private/{TOKEN}/",
        "/private//mine.atom",
        "/private/mine.atom",
        "/mine.atom",
        "/ours.atom",
    ],
    ids=[
        "another output's token",
        "a part of it",
        "more than it",
        "no format",
        "not rendered yet",
        "an old name under another token",
        "no name",
        "an empty name",
        "an empty token",
        "no token",
        "the name",
        "an old name",
    ],
)
async def test_to_all_others_there_is_nothing(path: str) -> None:
    answer = await ask(path, SITE)

    assert answer.status_code == 404
    assert "mine.html" not in answer.text
    assert "yours" not in answer.text


async def test_an_old_name_leads_on_below_the_token() -> None:
    answer = await ask(f"/private/{TOKEN}/ours.atom", SITE)

    assert (answer.status_code, answer.headers["Location"]) == (301, "mine.atom")
    assert answer.headers["Cache-Control"] == "private, max-age=60"


async def test_it_is_only_read() -> None:
    assert (await ask(f"/private/{TOKEN}/mine.atom", SITE, "POST")).status_code == 405


@pytest.mark.parametrize("path", ["/", "/feeds", "/search", "/min.atom"])
async def test_no_page_names_it(path: str) -> None:
    text = (await ask(path, SITE)).text.lower()

    assert "mine" not in text
    assert TOKEN not in text
