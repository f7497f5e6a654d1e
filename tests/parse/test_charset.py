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


FAR_EAST = {
    "cp932": (
        "北部の谷でダムが決壊、数千人が避難",
        "火曜日の早朝、谷の上流にある古いダムが決壊し、下流の村々では数千人の住民が避難を余儀なくされた。",
    ),
    "cp949": (
        "북부 계곡에서 댐 붕괴, 수천 명 대피",
        "화요일 새벽 계곡 상류의 오래된 댐이 무너져 하류 마을 주민 수천 명이 대피했다.",
    ),
    "gb18030": (
        "北部山谷大坝决堤,数千人撤离",
        "星期二清晨,山谷上游的一座老旧水坝决堤,下游村庄的数千名居民被迫离开家园。",
    ),
    "big5hkscs": (
        "北部山谷水壩潰堤,數千人撤離",
        "星期二清晨,山谷上游的一座老舊水壩潰堤,下游村莊的數千名居民被迫離開家園。",
    ),
}
FAR_EAST["euc_jp"] = FAR_EAST["cp932"]


def undeclared(title: str, text: str, items: int = 1) -> str:
    """A feed that does not say what its bytes are."""
    item = f"<item><title>{title}</title><link>https://news.example/1</link><description>{text}</description></item>"
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{item * items}</channel></rss>'
    )


@pytest.mark.parametrize("items", [1, 500], ids=["short", "long"])
@pytest.mark.parametrize("codec", FAR_EAST)
def test_what_is_undeclared_and_looks_like_the_far_east_is_read_as_that(codec: str, items: int) -> None:
    text = undeclared(*FAR_EAST[codec], items)

    assert to_text(text.encode(codec), None) == text
    assert to_text(text.encode(codec), "text/xml; charset=utf-8") == text


@pytest.mark.parametrize("codec", FAR_EAST)
def test_a_broken_character_late_in_it_costs_little(codec: str) -> None:
    text = undeclared(*FAR_EAST[codec], 500)
    whole = text.encode(codec)

    read = to_text(whole[:-40] + b"\xff" + whole[-40:], None)

    assert read.count(FAR_EAST[codec][0]) >= 499


@pytest.mark.parametrize(
    ("title", "text", "codec"),
    [
        (
            "Damm bricht, Tausende müssen fliehen",
            "Größere Schäden würden erwartet, sagte Müller. Über Übel!",
            "cp1252",
        ),
        (
            "Rupture d’un barrage",
            "À l’aube, le barrage a cédé ; évacués, a déclaré le préfet. L’été déjà…",
            "cp1252",
        ),
        (
            "Pęknięta tama",
            "Tysiące osób ewakuowano, gdy pękła tama; późną nocą żołnierze ściągnęli łódź.",
            "cp1250",
        ),
        (
            "Inundações: população em situação de emergência",
            "A população não crê nas explicações; ações e informações virão, então, em duas questões.",
            "cp1252",
        ),
    ],
)
def test_what_is_undeclared_and_is_latin_is_read_as_windows_1252(title: str, text: str, codec: str) -> None:
    body = undeclared(title, text).encode(codec)

    assert to_text(body, None) == body.decode("cp1252")


IN_WORDS = {
    "cp1251": (
        "Прорыв плотины в долине",
        "Рано утром во вторник старая плотина прорвалась, и жителям пришлось уйти.",
    ),
    "cp1253": ("Έσπασε φράγμα στη κοιλάδα", "Νωρίς το πρωί της Τρίτης ένα παλιό φράγμα υποχώρησε."),
    "cp1255": ("סכר קרס בעמק הצפוני", "מוקדם בבוקר יום שלישי קרס סכר ישן והתושבים נאלצו לעזוב."),
    "cp1256": (
        "انهيار سد في الوادي الشمالي",
        "في صباح يوم الثلاثاء انهار سد قديم واضطر السكان إلى مغادرة منازلهم.",
    ),
    "cp874": ("เขื่อนแตกในหุบเขาทางเหนือ", "เช้าตรู่วันอังคาร เขื่อนเก่าแตกและชาวบ้านหลายพันคนต้องอพยพออกจากบ้าน"),
}
IN_WORDS["koi8-u"] = IN_WORDS["cp1251"]


@pytest.mark.parametrize("items", [1, 500], ids=["short", "long"])
@pytest.mark.parametrize("codec", IN_WORDS)
def test_what_is_undeclared_and_looks_like_another_script_is_read_as_that(codec: str, items: int) -> None:
    text = undeclared(*IN_WORDS[codec], items)

    assert to_text(text.encode(codec), None) == text
    assert to_text(text.encode(codec), "text/xml; charset=utf-8") == text


@pytest.mark.parametrize("codec", IN_WORDS)
def test_what_is_declared_is_not_guessed_at(codec: str) -> None:
    text = undeclared(*IN_WORDS[codec])
    body = text.encode(codec)

    assert to_text(text.encode(), None) == text
    assert to_text(body, "text/xml; charset=iso-8859-5") == body.decode("iso-8859-5", "ignore")


def test_a_few_undeclared_bytes_are_no_sign_of_anything() -> None:
    assert to_text("<rss>ダム</rss>".encode("cp932"), None) == "<rss>ƒ_ƒ€</rss>"
