"""Every address of the website: what it answers, to whom, and what it refuses. Asked over real sockets."""

import gzip
from datetime import timedelta

import httpx
import pytest

from tests.builders import NOON, a_rendered
from tests.web.asking import ask, website
from tests.web.sites import FakeSite

LONG = a_rendered("<feed/>" * 200)


@pytest.mark.parametrize(
    ("path", "content_type", "cache_control"),
    [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/feeds", "text/html; charset=utf-8", "no-cache"),
        ("/healthz", "application/json", "no-store"),
        ("/metrics", "text/plain; version=0.0.4; charset=utf-8", "no-store"),
        ("/feeds.opml", "text/x-opml; charset=utf-8", "no-cache"),
        ("/problems.atom", "application/atom+xml; charset=utf-8", "no-cache"),
        ("/favicon.ico", "image/svg+xml", "max-age=86400"),
        ("/security.atom", "application/atom+xml; charset=utf-8", "max-age=60"),
    ],
)
async def test_each_address_says_what_it_is_and_how_long_it_keeps(
    path: str, content_type: str, cache_control: str
) -> None:
    answer = await ask(path)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Cache-Control"] == cache_control
    assert answer.content


@pytest.mark.parametrize("path", ["/", "/feeds", "/favicon.ico", "/security.atom", "/nothing"])
async def test_a_browser_is_told_to_run_and_guess_nothing(path: str) -> None:
    answer = await ask(path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")


@pytest.mark.parametrize(
    "name", ["security.atom", "security.rss", "security.json", "tag/europe/élections.json"]
)
async def test_a_published_address_is_served_to_the_byte(name: str) -> None:
    rendered = a_rendered(f"the bytes of {name}", content_type="text/plain")

    answer = await ask(f"/{name}", FakeSite(published={name: rendered}))

    assert answer.content == rendered.body
    assert answer.headers["ETag"] == rendered.etag
    assert answer.headers["Last-Modified"] == "Tue, 24 Nov 2026 12:00:00 GMT"
    assert answer.headers["Content-Type"] == "text/plain"


async def test_an_archive_page_keeps_for_a_day() -> None:
    pages = [("security.archive-2026-W47-1-9", "atom"), ("tag/eu/a.archive-2026-W47-1-9", "rss")]
    site = FakeSite(on_demand=dict.fromkeys(pages, LONG))

    page, of_tag = [await ask(f"/{path}.{suffix}", site) for path, suffix in pages]
    none = await ask("/security.archive-2026-W47-1-8.atom", site)

    assert (page.status_code, of_tag.status_code, none.status_code) == (200, 200, 404)
    assert page.headers["Cache-Control"] == "max-age=86400"


@pytest.mark.parametrize(
    ("path", "tag", "suffix"),
    [
        ("/tag/energy.atom", "energy", "atom"),
        ("/tag/europe/elections.rss", "europe/elections", "rss"),
        ("/tag/c.json", "c", "json"),
        ("/tag/日本.html", "日本", "html"),
        ("/tag/हिन्दी.html", "हिन्दी", "html"),
        ("/tag/%C3%A9nergie.atom", "énergie", "atom"),
    ],
)
async def test_a_tag_that_is_no_file_is_rendered_on_demand(path: str, tag: str, suffix: str) -> None:
    answer = await ask(path, FakeSite(on_demand={(tag, suffix): LONG}))

    assert answer.status_code == 200
    assert answer.content == LONG.body
    assert answer.headers["Cache-Control"] == "max-age=60"


async def test_a_published_tag_is_not_rendered_again() -> None:
    fresh = a_rendered("<published/>")
    site = FakeSite(published={"tag/energy.atom": fresh}, on_demand={("energy", "atom"): LONG})

    answer = await ask("/tag/energy.atom", site)

    assert answer.content == fresh.body


@pytest.mark.parametrize(
    "path", ["/tag/nobody.atom", "/tag/energy.exe", "/tag/energy", "/tag/", "/tag/.atom", "/tag//a.atom"]
)
async def test_a_tag_that_no_story_has_is_not_found(path: str) -> None:
    assert (await ask(path)).status_code == 404


async def test_who_takes_gzip_gets_the_ready_bytes() -> None:
    site = FakeSite(published={"security.atom": LONG})

    async with (
        website(site) as client,
        client.stream("GET", "/security.atom", headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        sent = b"".join([part async for part in answer.aiter_raw()])

    assert sent == LONG.gzipped
    assert gzip.decompress(sent) == LONG.body
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == LONG.gzip_etag
    assert answer.headers["Content-Length"] == str(len(LONG.gzipped))


async def test_who_takes_no_gzip_gets_the_plain_bytes_which_vary_too() -> None:
    answer = await ask(
        "/security.atom", FakeSite(published={"security.atom": LONG}), accept_encoding="identity"
    )

    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["ETag"] == LONG.etag


@pytest.mark.parametrize("path", ["/", "/feeds", "/favicon.ico", "/security.atom", "/tag/energy.atom"])
async def test_what_has_not_changed_is_not_sent_again(path: str) -> None:
    async with website(FakeSite(on_demand={("energy", "atom"): LONG})) as client:
        first = await client.get(path)
        second = await client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["ETag"] == first.headers["ETag"]


async def test_a_reader_that_knows_only_dates_gets_its_304_too() -> None:
    answer = await ask("/security.atom", if_modified_since="Tue, 24 Nov 2026 12:00:00 GMT")

    assert answer.status_code == 304


async def test_two_lines_of_a_header_are_one_list() -> None:
    site = FakeSite()
    etag = site.published["security.atom"].etag

    async with website(site) as client:
        answer = await client.get(
            "/security.atom", headers=[("If-None-Match", '"other"'), ("If-None-Match", etag)]
        )

    assert answer.status_code == 304


async def test_a_condition_that_failed_is_a_412() -> None:
    assert (await ask("/security.atom", if_match='"older"')).status_code == 412


@pytest.mark.parametrize("path", ["/", "/feeds", "/healthz", "/favicon.ico", "/security.atom", "/nothing"])
async def test_head_is_get_without_the_body(path: str) -> None:
    async with website() as client:
        get = await client.get(path)
        head = await client.head(path)

    assert head.content == b""
    assert head.status_code == get.status_code
    assert _without_date(head) == _without_date(get)


def _without_date(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/feeds", "/healthz", "/security.atom", "/tag/energy.atom"])
async def test_whatever_would_change_something_is_refused(path: str, method: str) -> None:
    answer = await ask(path, method=method)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert "GET and HEAD" in answer.text


@pytest.mark.parametrize(
    ("path", "suggested"),
    [
        ("/securty.atom", 'href="./security.html">security<'),
        ("/Security", 'href="./security.html">security<'),
        ("/feeds/", 'href="../feeds">feeds<'),
        ("/feed", 'href="./feeds">feeds<'),
        ("/tag/enrgy.rss", 'href="../tag/energy.html">tag/energy<'),
        ("/tag/europe/election.rss", 'href="../../tag/europe/elections.html">tag/europe/elections<'),
    ],
)
async def test_a_mistyped_address_is_told_the_likely_one(path: str, suggested: str) -> None:
    answer = await ask(path)

    assert answer.status_code == 404
    assert suggested in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


async def test_an_address_like_nothing_we_have_is_shown_the_front_page_alone() -> None:
    answer = await ask("/wp-login.php")

    assert answer.status_code == 404
    assert "Did you mean" not in answer.text
    assert '<a href="./">the front page</a>' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/tag/..%2f..%2f..%2fetc/passwd.atom",
        "/security.atom%00",
        "/%00",
        "/tag/%00.atom",
        "/%ff%fe",
        "/tag/%ed%a0%80.atom",
        "//security.atom",
        "/security.atom/",
        "/security.atom%2f",
        "/%5B",
        "/?%5B",
        "/%0d%0aSet-Cookie:a=b",
        "/" + "a" * 20_000,
        "/tag/" + "a/" * 5_000 + "b.atom",
    ],
    ids=lambda path: path[:40],
)
async def test_an_odd_path_does_no_harm(path: str) -> None:
    answer = await ask(path)

    assert answer.status_code == (200 if path.startswith("/?") else 404)
    assert "root:" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_the_way_back_from_an_encoded_slash_is_the_one_that_a_browser_sees() -> None:
    answer = await ask("/..%2f..%2fetc/passwd")

    assert '<a class="brand" href="../">' in answer.text


async def test_a_path_longer_than_a_screen_is_not_repeated_whole() -> None:
    answer = await ask("/" + "a" * 5_000)

    assert "a" * 150 in answer.text
    assert "a" * 201 not in answer.text


async def test_a_script_in_the_address_is_shown_and_not_run() -> None:
    answer = await ask("/%3Cscript%3Ealert(1)%3C/script%3E")

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


@pytest.mark.parametrize("host", ["[", "a b", "evil.example/?", ""])
@pytest.mark.parametrize("path", ["/", "/nothing", "/feeds/"])
async def test_a_foolish_host_header_changes_nothing(path: str, host: str) -> None:
    answer = await ask(path, host=host)

    assert answer.status_code == (200 if path == "/" else 404)
    assert "evil" not in answer.text


async def test_a_new_snapshot_is_served_at_once() -> None:
    site = FakeSite()
    newer = a_rendered("<newer/>", last_modified=NOON + timedelta(minutes=1))

    async with website(site) as client:
        old = await client.get("/security.atom")
        site.published = {"security.atom": newer}
        new = await client.get("/security.atom", headers={"If-None-Match": old.headers["ETag"]})

    assert new.status_code == 200
    assert new.content == b"<newer/>"
