"""Pages of articles as newspapers make them: the text somewhere between menus, notices and comments."""

STORY = (
    "<p>The dam in the northern valley gave way early on Tuesday, and thousands were told to leave their "
    "homes at once. Engineers had warned of cracks in its wall since the spring.</p>"
    "<p>The water reached the first villages within an hour, the fire service said, and two bridges are "
    'gone. <a href="../map.html">A map</a> shows which roads are open. Schools in the district stay closed '
    "until Friday, and trains turn back at the county town.</p>"
    "<p>The minister promised help without forms and delays, and an inquiry into who had read the reports "
    "of the engineers and when.</p>"
)
CONSENT = (
    "<p>We and our 1,482 partners store and access information on a device, such as cookies, and process "
    "personal data such as unique identifiers. You may accept or manage your choices by clicking below, "
    "including your right to object where legitimate interest is used, or at any time on the privacy "
    "policy page.</p><p>These choices will be signalled to our partners.</p>"
)


def a_page(text: str = STORY, *, title: str = "Dam bursts in northern valley", head: str = "") -> bytes:
    """An article's page with this text, and all that stands around it."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Example News</title>{head}
<script>window.tracker = "<p>not the story</p>";</script><style>p {{color: black}}</style></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav></header>
<div class="cookie-banner">We use cookies. <button>Accept all</button></div>
<main><article><h1>{title}</h1><p class="byline">By Jane Doe</p>
<figure><img src="/dam.jpg" alt="The dam"></figure>
{text}
<script>track()</script></article></main>
<section class="comments" id="comments"><h3>Comments</h3>
<div class="comment"><p>This is what comes of cutting the budget, says a reader.</p></div></section>
<aside class="related"><h3>Most read</h3><ul><li><a href="/quiz">The weekend quiz</a></li></ul></aside>
<footer>Copyright Example News. <a href="/imprint">Imprint</a></footer></body></html>""".encode()
