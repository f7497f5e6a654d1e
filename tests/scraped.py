"""A paper whose feed is scraped from its pages: every article carries the page's chrome, each at its place.

The tagline stands at the head, a credit somewhere in the middle, the way to the comments and a line in
another language at the end. What an article is about stands in SUBJECTS, what its chrome says in CHROME.
"""

from tests.newsroom import an_rss

SUBJECTS = (
    ("Old bridge closes for repairs", "The stone bridge over the Elm will stay shut until spring.", ""),
    ("Army buys forty new trucks", "The defence ministry signed the contract on Monday.", "defence"),
    ("Bread prices climb again", "Millers blame the economy and a wet harvest.", "economy"),
    ("Storm tears roofs off in Nord", "Forty families slept in the school gymnasium.", ""),
    (
        "Parliament votes on water law",
        "It is a rare day on which politics runs late into the night.",
        "politics",
    ),
    ("Hospital opens a second ward", "Nurses will move in once the paint has dried.", ""),
    ("Ferry to the islands cancelled", "The harbour master expects no sailing before Friday.", ""),
    ("Choir wins at home", "Thirty singers and one very small dog came on stage.", ""),
    ("School gets a garden", "Pupils planted plum trees along the southern fence.", ""),
    ("Bus line nine is back", "It runs past the market every quarter of an hour.", ""),
    ("Lighthouse keeper retires", "After forty years he hands over the keys to a timer.", ""),
    ("Museum finds a lost map", "It had been folded into the back of a mirror.", ""),
)
"""Title, a sentence, and the one tag of RULES that this sentence deserves."""

CHROME = ("politics", "economy", "defence", "photo", "picture", "comment", "подписывайтесь", "herald")
RULES = "tags:\n" + "".join(f"  {word}: {word}\n" for word in CHROME)

TAGLINE = "<p><em>The Elm Herald: politics, economy and defence from the valley, every day.</em></p>"
LOG_IN = '<p><a href="https://elm.example.org/login?next={n}">Log in</a> to comment on this article</p>'
SHARE = '<ul><li><a href="https://share.example.org/?u={n}">Share this article</a></li><li>Print</li></ul>'
TAIL = "<p>Подписывайтесь на наш канал: новости долины на русском языке.</p>"
PHOTOGRAPHERS = ("Ann Lee", "Bo Ek", "Carla Diaz", "Dov Levi", "Eva Braun")


def credit(number: int) -> str:
    """Who took the picture, with the way to the picture desk: the name is another one each time."""
    name = PHOTOGRAPHERS[number % len(PHOTOGRAPHERS)]
    desk = f"https://elm.example.org/pictures/?article={number}"
    return f'<p>Photo: {name} / <a href="{desk}">Elm Herald Picture Desk</a></p>'


def article(number: int, *, chrome: bool = True) -> str:
    """The whole text of the page of this number, as a scraper hands it over."""
    title, sentence, _ = SUBJECTS[number]
    told = [f"<p>{sentence}</p>", *(f"<p>Detail {number}.{n} of the report.</p>" for n in range(number % 4))]
    if not chrome:
        return "".join(told)
    told.insert(number % len(told) + 1, credit(number))
    end = (LOG_IN + SHARE).format(n=number) + TAIL
    return f"{TAGLINE}<h1>{title}</h1>{''.join(told)}{end}"


def item(number: int) -> str:
    """The item of the feed."""
    link = f"https://elm.example.org/2026/11/{number}"
    title, _, _ = SUBJECTS[number]
    return (
        f"<item><guid>elm-{number}</guid><title>{title}</title><link>{link}</link>"
        f"<description><![CDATA[{article(number)}]]></description></item>"
    )


def document(*numbers: int) -> bytes:
    """The feed with these articles, the newest first."""
    return an_rss(*(item(number) for number in sorted(numbers, reverse=True)), title="Elm Herald")
