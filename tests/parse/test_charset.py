"""Which characters some bytes stand for, whatever server and author say."""

import codecs

import pytest

from aggregator.parse.charset import to_text

TEXT = '<?xml version="1.0"{}?><rss>Über “Größe” für 5 €</rss>'
RUSSIAN = '<?xml version="1.0"{}?><rss>Вода прорвала плотину</rss>'
JAPANESE = '<?xml version="1.0"{}?><rss>夜の港に灯がともる、三千人が集まった</rss>'


def declared(text: str, label: str) -> str:
    return text.format(f' encoding="{label}"')


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (declared(TEXT, "utf-8"), "utf-8"),
        (declared(TEXT, "ISO-8859-1"), "cp1252"),
        (declared(TEXT, "windows-1252"), "cp1252"),
        (declared(RUSSIAN, "windows-1251"), "cp1251"),
        (declared(RUSSIAN, "koi8-r"), "koi8-r"),
        (declared(JAPANESE, "Shift_JIS"), "cp932"),
        (declared(JAPANESE, "EUC-JP"), "euc_jp"),
        (declared(JAPANESE, "ISO-2022-JP"), "iso2022_jp"),
        (declared(JAPANESE, "utf-16"), "utf-16-le"),
        (declared(JAPANESE, "utf-32"), "utf-32-be"),
        (TEXT.format(""), "utf-8"),
    ],
)
def test_what_the_document_declares_is_believed(text: str, codec: str) -> None:
    assert to_text(text.encode(codec), None) == text


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_outweighs_all_declarations(mark: bytes, codec: str) -> None:
    text = declared(RUSSIAN, "windows-1251")

    assert to_text(mark + text.encode(codec), "text/xml; charset=koi8-r") == text


def test_what_the_server_says_of_a_silent_document_is_believed() -> None:
    text = RUSSIAN.format("")

    assert to_text(text.encode("cp1251"), "text/xml; charset=windows-1251") == text


def test_a_servers_default_counts_less_than_the_document() -> None:
    text = declared(RUSSIAN, "windows-1251")

    assert to_text(text.encode("cp1251"), "text/xml; charset=iso-8859-1") == text


@pytest.mark.parametrize("label", ["windows-1251", "GB2312", "no-such-charset", "hex", "idna", "punycode"])
def test_valid_utf_8_is_utf_8_whatever_is_declared(label: str) -> None:
    text = declared(JAPANESE, label)

    assert to_text(text.encode(), None) == text


def test_a_stray_byte_does_not_garble_the_document() -> None:
    body = TEXT.format("").encode().replace("für".encode(), b"f\xfcr")

    assert to_text(body, None) == TEXT.format("")


def test_bytes_that_fit_nothing_declared_lose_only_themselves() -> None:
    body = declared(JAPANESE, "EUC-JP").encode("euc_jp") + b"\xff"

    assert to_text(body, None) == declared(JAPANESE, "EUC-JP")
