"""Which characters do these bytes stand for? Bytes in, text out, and it never fails.

What decides, in this order: a byte order mark; the pattern of zero bytes that UTF-16 and UTF-32 leave; valid
UTF-8; what the server or the document declares (RFC 7303 §3.2, but a server's default of ISO-8859-1 counts
less than what the author wrote); what they look like of the encodings of other scripts than Latin. Bytes
that fit none of these are read as UTF-8 with stray bytes taken for windows-1252, so that one pasted byte does
not garble a whole document.

To add a label that Python does not know, or that the web uses for something wider: a row in ALIASES.
"""

import codecs
import re

ALIASES = {  # what the web means by a label (WHATWG Encoding, §4.2) where Python's codec is narrower
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs",
    "x-user-defined": "cp1252",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like the mark of UTF-16, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ZEROES = (
    (re.compile(rb"\s*[<{]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{]"), "utf-32-be"),
    (re.compile(rb"[<{]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[<{]\0[^\0]"), "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']\s*([\w.:-]{1,40})\s*["']""", re.ASCII)
_HTTP = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE | re.ASCII)
_DEFAULTS = {"cp1252", "utf-8"}  # what servers say without knowing
_DOUBLE_BYTE = {"gb18030", "cp932", "big5hkscs", "cp949", "euc_jp", "johab"}
_STATEFUL = {"iso2022_jp", "iso2022_kr", "hz", "utf-7"}  # all their bytes are ASCII, so they look like UTF-8
_SURE_BYTES = 16  # so many bytes beyond ASCII are not valid UTF-8 by chance
_STRAY = {0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0x100)}
"""how `surrogateescape` marks a byte that is no UTF-8 → what windows-1252 means by it"""
_STRAY_MARKS = frozenset(map(chr, _STRAY))
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_BEYOND_RUN = re.compile(rb"[\x80-\xff]+")
_FAR_EASTERN = ("cp949", "gb18030", "big5hkscs")
_IN_WORDS = ("cp1251", "koi8_u", "cp1253", "cp1255", "cp1256", "cp874")
"""of Cyrillic, Greek, Hebrew, Arabic and Thai: whole words are of bytes beyond ASCII"""
_KANA = re.compile(r"[ぁ-んァ-ヺ]")
_KANA_SHARE = 8  # one character in so many at least; in running text it is every second
_SAMPLE_BYTES = 32_000


def to_text(body: bytes, content_type: str | None) -> str:
    """The document as characters; `content_type` is the server's header, None where it was silent."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _loosely(body[len(mark) :], name)
    for pattern, name in _ZEROES:
        if pattern.match(body):
            return _loosely(body, name)
    return _by_declaration(body, _declared(body, content_type))


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """The codecs that server and author name, the more trustworthy first."""
    http = _codec(_HTTP.search(content_type or ""))
    own = _codec(_DECLARED.match(body))
    known = [name for name in (http, own) if name]
    return sorted(known, key=lambda name: name in _DEFAULTS)


def _codec(match: re.Match[str] | re.Match[bytes] | None) -> str | None:
    if match is None:
        return None
    label = match[1] if isinstance(match[1], str) else match[1].decode("ascii")
    try:
        codec = codecs.lookup(ALIASES.get(label.lower(), label))
        "".encode(
            codec.name
        )  # Python also lists codecs that are not text (hex, zip) or only for names (idna)
    except (LookupError, ValueError):
        return None
    return None if codec.name in {"punycode", "idna", "unicode_escape", "raw_unicode_escape"} else codec.name


def _by_declaration(body: bytes, declared: list[str]) -> str:
    as_utf8 = _strictly(body, "utf-8")
    first = declared[0] if declared else "utf-8"
    if as_utf8 is not None and not _outweighs_utf8(first, body):
        return as_utf8
    for name in declared:
        text = None if name == "utf-8" else _strictly(body, name)
        if text is not None:
            return text
    return _loosely(body, first)


def _outweighs_utf8(name: str, body: bytes) -> bool:
    """Whether bytes that are valid UTF-8 may still be in the declared encoding."""
    if name in _DOUBLE_BYTE:
        return len(body) - len(body.translate(None, _BEYOND_ASCII)) < _SURE_BYTES
    return name in _STATEFUL


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError:
        return None


def _loosely(body: bytes, name: str) -> str:
    if name not in _DEFAULTS:
        return body.decode(name, "ignore")
    text = body.decode("utf-8", "surrogateescape")
    looks_like = _of_another_script(body) if _is_mostly_stray(text) else None
    return body.decode(looks_like, "ignore") if looks_like else text.translate(_STRAY)


# -- undeclared encodings of other scripts -----------------------------------------------------------------


def _is_mostly_stray(text: str) -> bool:
    """Whether more is stray in these bytes than is UTF-8."""
    beyond = [character for character in text if character > "\x7f"]
    return 2 * sum(character in _STRAY_MARKS for character in beyond) > len(beyond)


def _of_another_script(body: bytes) -> str | None:
    """The encoding that the bytes look like; None for those of Latin letters, where most stand alone.

    Japanese is told by its kana, as its bytes mean Chinese characters, too. Which of the Latin ones it is
    cannot be told: of feeds in French every third would be taken for Czech.
    """
    sample = _sample(body)
    runs = [len(run) for run in _BEYOND_RUN.findall(sample)]
    if sum(runs) < _SURE_BYTES:
        return None
    for name in ("euc_jp", "cp932"):
        text = _strictly(sample, name) or ""
        if _KANA_SHARE * len(_KANA.findall(text)) > sum(character > "\x7f" for character in text):
            return name
    if not _mostly_longer(runs, 1):
        return None
    # Portuguese has runs of two: ção, ções.
    likely = _FAR_EASTERN + (_IN_WORDS if _mostly_longer(runs, 2) else ())
    from charset_normalizer import from_bytes  # noqa: PLC0415  it takes 30 ms to load, and few documents need it

    best = from_bytes(sample, cp_isolation=list(likely)).best()
    return best.encoding if best else None


def _mostly_longer(runs: list[int], length: int) -> bool:
    """Whether most bytes beyond ASCII are in runs of more than this."""
    return 2 * sum(run for run in runs if run > length) >= sum(runs)


def _sample(body: bytes) -> bytes:
    """Enough of the document to tell, from its first letter beyond ASCII on, and cut where markup begins."""
    first = _BEYOND_RUN.search(body)
    begin = first.start() if first else 0
    piece = body[begin : begin + _SAMPLE_BYTES]
    return piece[: piece.rfind(b"<")] if b"<" in piece and len(piece) == _SAMPLE_BYTES else piece
