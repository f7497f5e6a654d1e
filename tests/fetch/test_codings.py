"""Content codings, each whole, in pieces, cut, damaged, padded, and as a bomb."""

import gzip
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import closing

import brotli
import pytest

from aggregator.fetch.body import read_body
from aggregator.fetch.codings import MAX_MEMBERS, STEP_BYTES
from aggregator.fetch.failures import FetchError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"<rss version='2.0'><channel><title>News of the valley</title></channel></rss>" * 50
ROOM = 10_000_000
Code = Callable[[bytes], bytes]


def gzipped(body: bytes) -> bytes:
    """The same bytes each time: gzip would note the hour."""
    return gzip.compress(body, mtime=0)


def bare_deflate(body: bytes) -> bytes:
    """What some servers call deflate: without the header and the sum of zlib."""
    return zlib.compress(body)[2:-4]


CODINGS: dict[str, tuple[str, Code]] = {
    "gzip": ("gzip", gzipped),
    "x-gzip": ("x-gzip", gzipped),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}
every_coding = pytest.mark.parametrize(("encoding", "code"), CODINGS.values(), ids=CODINGS)


async def in_pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def read(sent: bytes, encoding: str, *, size: int = 65_536, room: int = ROOM) -> bytes:
    body = await read_body(in_pieces(sent, size), encoding, room)
    assert body is not None
    with closing(body):
        return body.read()


async def why_not(sent: bytes, encoding: str, *, room: int = ROOM) -> str:
    with pytest.raises(FetchError) as failed:
        await read(sent, encoding, room=room)
    return str(failed.value)


@every_coding
@pytest.mark.parametrize("size", [1, 2, 3, 1000, 65_536])
async def test_a_whole_body_is_read_however_it_arrives(encoding: str, code: Code, size: int) -> None:
    assert await read(code(TEXT), encoding, size=size) == TEXT


@every_coding
@pytest.mark.parametrize("length", [STEP_BYTES - 1, STEP_BYTES, STEP_BYTES + 1, 4 * STEP_BYTES])
async def test_nothing_is_lost_where_a_step_ends(encoding: str, code: Code, length: int) -> None:
    assert await read(code(b"0" * length), encoding) == b"0" * length


@every_coding
async def test_a_body_that_ends_early_is_refused(encoding: str, code: Code) -> None:
    sent = code(TEXT)

    for kept in (0, 1, len(sent) // 2, len(sent) - 1):
        assert await why_not(sent[:kept], encoding) == "the compressed body was cut short"


@every_coding
async def test_a_damaged_body_is_refused(encoding: str, code: Code) -> None:
    sent = bytearray(code(bytes(range(256)) * 20))
    sent[: len(sent) // 2] = b"\xff" * (len(sent) // 2)

    assert (await why_not(bytes(sent), encoding)).startswith("the compressed body is damaged (")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
async def test_a_body_in_the_clear_that_claims_to_be_compressed_is_refused(encoding: str) -> None:
    assert "compressed body" in await why_not(TEXT, encoding)


@every_coding
async def test_a_body_of_exactly_the_cap_is_taken(encoding: str, code: Code) -> None:
    assert await read(code(TEXT), encoding, room=len(TEXT)) == TEXT


@every_coding
async def test_the_cap_counts_decoded_bytes_and_is_named_with_its_setting(encoding: str, code: Code) -> None:
    said = await why_not(code(b"0" * 1_000_001), encoding, room=1_000_000)

    assert said == "larger than 1,000,000 bytes (poll.max_bytes)"


@pytest.mark.parametrize(("encoding", "code"), [("gzip", gzipped), ("zstd", zstd.compress)])
@pytest.mark.parametrize("size", [1, 7, 65_536])
async def test_several_members_are_one_body(encoding: str, code: Code, size: int) -> None:
    assert await read(code(TEXT[:99]) + code(b"") + code(TEXT[99:]), encoding, size=size) == TEXT


async def test_a_frame_of_zstd_that_is_to_be_skipped_is_skipped() -> None:
    skippable = b"\x5a\x2a\x4d\x18\x03\0\0\0abc"

    assert await read(skippable + zstd.compress(TEXT), "zstd") == TEXT


@pytest.mark.parametrize(
    ("encoding", "code"), [("gzip", gzipped), ("deflate", zlib.compress), ("zstd", zstd.compress)]
)
@pytest.mark.parametrize("padding", [b"\0\0", b"\x1f", b"\x28\xb5", b"padding" * 9])
async def test_padding_behind_the_end_is_passed_over(encoding: str, code: Code, padding: bytes) -> None:
    assert await read(code(TEXT) + padding, encoding, size=5) == TEXT


@pytest.mark.parametrize(("encoding", "code"), [("gzip", gzipped), ("zstd", zstd.compress)])
async def test_empty_members_without_end_are_refused(encoding: str, code: Code) -> None:
    said = await why_not(code(b"") * (MAX_MEMBERS + 1), encoding)

    assert said == "the compressed body is in more than 1,000 parts"


async def test_padding_without_end_is_refused() -> None:
    assert await why_not(gzipped(b"a") + bytes(200_000), "gzip", room=100_000) == (
        "larger than 100,000 bytes (poll.max_bytes)"
    )


async def test_a_window_larger_than_http_allows_is_refused() -> None:
    options: dict[int, int] = {zstd.CompressionParameter.window_log: 27}
    wide = zstd.ZstdCompressor(options=options)
    sent = wide.compress(TEXT) + wide.flush()

    assert "too much memory" in await why_not(sent, "zstd")


@pytest.mark.parametrize("encoding", ["", "identity", "IDENTITY, identity", "none", "utf-8"])
async def test_what_names_no_coding_is_none(encoding: str) -> None:
    assert await read(TEXT, encoding) == TEXT


@pytest.mark.parametrize("encoding", ["GZip", "identity, gzip", " gzip ,"])
async def test_one_coding_may_be_written_in_many_ways(encoding: str) -> None:
    assert await read(gzipped(TEXT), encoding) == TEXT


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br,gzip", "zstd, identity, br"])
async def test_a_body_compressed_more_than_once_is_refused(encoding: str) -> None:
    said = await why_not(gzipped(gzipped(TEXT)), encoding)

    assert said == f"the body is compressed more than once (Content-Encoding '{encoding}')"


@pytest.mark.parametrize("encoding", ["compress", "lzma", "x" * 200])
async def test_a_coding_that_was_not_asked_for_is_named(encoding: str) -> None:
    said = await why_not(TEXT, encoding)

    assert said == f"the server used Content-Encoding '{encoding[:80]}', which we did not ask for"
