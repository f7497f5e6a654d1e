"""What may be written as a duration, a size, an address or a name."""

from datetime import timedelta

import pytest

from aggregator.config import values


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0s", timedelta()),
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("2w", timedelta(weeks=2)),
        ("007d", timedelta(days=7)),
    ],
)
def test_a_duration_is_a_number_and_its_unit(text: str, span: timedelta) -> None:
    assert values.read_duration(text) == span


@pytest.mark.parametrize("text", ["", "5", "5 m", "m", "1.5h", "-1s", "1y", "1M", "٣m", "1h30m"])
def test_other_things_are_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration"):
        values.read_duration(text)


@pytest.mark.parametrize("text", ["36501d", "9" * 500 + "s"])
def test_a_duration_ends_at_a_hundred_years(text: str) -> None:
    with pytest.raises(ValueError, match="is longer than a hundred years"):
        values.read_duration(text)


@pytest.mark.parametrize("text", ["0s", "90s", "15m", "2h", "1d", "2w"])
def test_a_duration_is_written_as_it_is_read(text: str) -> None:
    assert values.duration_text(values.read_duration(text)) == text


def test_a_duration_is_written_in_its_largest_unit() -> None:
    assert values.duration_text(timedelta(days=1, hours=1)) == "25h"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("17", 17),
        ("17B", 17),
        ("500KB", 500_000),
        ("500 kb", 500_000),
        ("10MB", 10_000_000),
        ("1gb", 1_000_000_000),
        ("1KiB", 1_024),
        ("64MiB", 67_108_864),
        ("1GiB", 1_073_741_824),
    ],
)
def test_a_size_is_in_bytes(text: str, size: int) -> None:
    assert values.read_size(text) == size


@pytest.mark.parametrize("text", ["10MB", "512MB", "3GB", "500KB", "1001B"])
def test_a_size_is_written_as_it_is_read(text: str) -> None:
    assert values.size_text(values.read_size(text)) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a size"),
        ("MB", "not a size"),
        ("10M", "not a size"),
        ("1.5MB", "not a size"),
        ("-1MB", "not a size"),
        ("1e6", "not a size"),
        ("1000001GB", "larger than a petabyte"),
    ],
)
def test_other_things_are_no_sizes(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.read_size(text)


@pytest.mark.parametrize(
    "text", ["https://example.org/feed.xml", "http://example.org", "HTTPS://me:word@[::1]:8080/a?b=c"]
)
def test_a_url_stays_as_it_was_written(text: str) -> None:
    assert values.read_url(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("example.org/feed", "must begin with https:// or http://"),
        ("ftp://example.org/", "must begin with https:// or http://"),
        ("feed://example.org/a", "write https://example.org/a"),
        ("feed:https://example.org/a", "write https://example.org/a"),
        ("url:https://example.org/", "a space is missing after 'url:'"),
        ("https://", "it names no host"),
        ("https://exam ple.org/", "it has a space or a line break in it"),
        ("https://example.org:99999/", "its host or port cannot be read"),
        ("https://[::1/", "its host or port cannot be read"),
    ],
)
def test_other_things_are_no_urls(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        values.read_url(text)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("https://example.org/a", "https://EXAMPLE.org:443/a#top", True),
        ("http://example.org", "http://example.org:80/", True),
        ("http://example.org/", "https://example.org/", False),
        ("https://example.org/?a", "https://example.org/?b", False),
        ("https://me@example.org/", "https://you:secret@example.org/", True),
        ("subscriptions.opml", "subscriptions.opml", True),
    ],
)
def test_two_spellings_of_one_address_have_one_key(one: str, two: str, same: bool) -> None:
    assert (values.same_url(one) == values.same_url(two)) is same


def test_a_public_url_ends_in_one_slash() -> None:
    assert values.read_public_url("https://example.org/news") == "https://example.org/news/"
    assert values.read_public_url("https://example.org//") == "https://example.org/"


@pytest.mark.parametrize("text", ["https:///", "https://example.org/?a=b", "https://example.org/#a"])
def test_a_public_url_is_the_address_of_a_site(text: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a site"):
        values.read_public_url(text)


@pytest.mark.parametrize(
    ("text", "listen", "public_url"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080), "http://127.0.0.1:8080/"),
        ("0.0.0.0:80", ("0.0.0.0", 80), "http://localhost:80/"),
        ("news.lan:0", ("news.lan", 0), "http://news.lan:0/"),
        ("[::1]:8080", ("::1", 8080), "http://[::1]:8080/"),
        ("[::]:8080", ("::", 8080), "http://localhost:8080/"),
    ],
)
def test_an_address_to_listen_on_gives_one_to_open(
    text: str, listen: tuple[str, int], public_url: str
) -> None:
    found = values.read_listen(text)

    assert found == listen
    assert values.default_public_url(found) == public_url


@pytest.mark.parametrize(
    "text", ["8080", ":8080", "::1:8080", "host", "host:", "host:65536", "http://a:1", "[]:1", "[a]:1"]
)
def test_other_things_are_no_addresses_to_listen_on(text: str) -> None:
    with pytest.raises(ValueError, match="is not host:port"):
        values.read_listen(text)


@pytest.mark.parametrize(
    "text", ["nas.lan", "localhost", "192.168.1.7", "192.168.1.0/24", "fd00::/8", "[::1]"]
)
def test_private_addresses_are_names_addresses_and_networks(text: str) -> None:
    assert values.read_network(text) == text


@pytest.mark.parametrize("text", ["", "a b", "http://nas.lan/", "192.168.1.0/99", "nas.lan:80"])
def test_other_things_are_no_private_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="is no host name, address or network"):
        values.read_network(text)


@pytest.mark.parametrize(
    "text", ["nato", "europe/elections", "tech.ai", "a-b_c", "Größe", "選挙", "हिन्दी", "2024"]
)
def test_tags_are_letters_digits_and_a_few_signs(text: str) -> None:
    assert values.read_tag(text) == text


def test_a_tag_has_one_form_however_its_accents_were_typed() -> None:
    assert values.read_tag("e\N{COMBINING ACUTE ACCENT}te") == "\N{LATIN SMALL LETTER E WITH ACUTE}te"


@pytest.mark.parametrize(
    "text", ["", "/a", "a/", "a//b", "a b", "a\n", "..", ".a", "a/.b", "a/../b", "a\\b", "x" * 201]
)
def test_other_things_are_no_tags(text: str) -> None:
    with pytest.raises(ValueError, match="is not a tag"):
        values.read_tag(text)


@pytest.mark.parametrize("text", ["a", "front-page", "a.b_c", "9", "a" * 64])
def test_output_names_are_small_letters_digits_and_a_few_signs(text: str) -> None:
    assert values.read_output_name(text) == text


@pytest.mark.parametrize(
    "text", ["", "A", "-a", ".a", "a/b", "é", "a" * 65, "a\n", *sorted(values.RESERVED_NAMES)]
)
def test_other_things_are_no_output_names(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a name|is an address of the program itself"):
        values.read_output_name(text)


def test_the_reserved_names_are_those_of_the_pages() -> None:
    pages = "feeds search stories events problems tag stats healthz metrics index"

    assert sorted(pages.split()) == sorted(values.RESERVED_NAMES)


@pytest.mark.parametrize("text", ["", "a b", "a:b", "Ä", "Host", "if-none-match", "Range"])
def test_headers_have_names_and_are_not_ours(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a header's name|the program sets itself"):
        values.read_header_name(text)


def test_a_header_is_taken_without_the_blanks_around_it() -> None:
    assert values.read_header_name("X-Token") == "X-Token"
    assert values.read_header_value(" Bearer é ") == "Bearer é"


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0", "地"])
def test_a_header_cannot_break_out_of_its_line(text: str) -> None:
    with pytest.raises(ValueError, match="has a character that no header can hold"):
        values.read_header_value(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nato", "'nato'"),
        ("https://me:p@ss@example.org/@user", "'https://***@example.org/@user'"),
        ("x" * 81, f"'{'x' * 79}…'"),
    ],
)
def test_a_quoted_value_is_short_and_without_a_password(text: str, shown: str) -> None:
    assert values.quoted(text) == shown


@pytest.mark.parametrize("text", ["172.18.0.2", "172.16.0.0/12", "::1", "fd00::/8"])
def test_proxies_are_known_by_address_or_network(text: str) -> None:
    assert values.read_addresses(text) == text


@pytest.mark.parametrize("text", ["", "caddy", "172.18.0.2/12", "[::1]", "*", "http://172.18.0.2"])
def test_proxies_are_not_known_by_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match="is no address or network"):
        values.read_addresses(text)
