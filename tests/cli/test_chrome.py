"""A feed of scraped articles through the whole program: what its pages say is not what its stories are."""

import json
import sqlite3
from contextlib import closing

from tests.http import WebServer, reply
from tests.newsroom import Desk
from tests.scraped import CHROME, RULES, SUBJECTS, document

TEN = tuple(range(10))


def subscribe(desk: Desk, web: WebServer, *documents: bytes, more: str = "") -> None:
    """The feed, and the documents that it gives poll after poll."""
    url = web.on("/elm", *(reply(200, one) for one in documents))
    desk.write(f"{{url: '{url}'{more}}}", more=RULES)


def tags(desk: Desk) -> dict[str, list[str]]:
    """The tags of every story by its title."""
    found = json.loads(desk.run("stories", "--json", "--limit", "99").out)
    return {story["title"]: story["tags"] for story in found}


def deserved(*numbers: int) -> dict[str, list[str]]:
    """The tags that these articles deserve by what they say."""
    return {title: [tag] if tag else [] for title, _, tag in (SUBJECTS[number] for number in numbers)}


def rows(desk: Desk, statement: str) -> list[tuple[object, ...]]:
    """What another tool reads in the store."""
    conn = sqlite3.connect(desk.data / "aggregator.db")
    found = conn.execute(statement).fetchall()
    conn.close()
    return found


def test_ten_scraped_articles_are_tagged_by_what_they_say_in_the_first_poll(
    desk: Desk, web: WebServer
) -> None:
    subscribe(desk, web, document(*TEN))

    desk.run("poll", "--all")

    assert tags(desk) == deserved(*TEN)


def test_an_eleventh_article_alone_is_known_by_what_was_learned_before_a_restart(
    desk: Desk, web: WebServer
) -> None:
    subscribe(desk, web, document(*TEN), document(10))
    desk.run("poll", "--all")

    desk.run("poll", "--all")

    assert tags(desk) == deserved(*TEN, 10)


def test_polling_again_writes_nothing(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN), document(10), document(10) + b" ", document(*TEN) + b" ")
    desk.run("poll", "--all")
    desk.run("poll", "--all")
    learned = "SELECT * FROM chrome", "SELECT id, chrome FROM entries", "SELECT revision FROM stories"
    before = [rows(desk, statement) for statement in learned]

    for _ in range(2):
        desk.run("poll", "--all")

    assert [rows(desk, statement) for statement in learned] == before


def test_what_shows_only_with_the_third_article_corrects_the_first_two(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(0, 1), document(2))
    desk.run("poll", "--all")
    tagged_by_chrome = tags(desk)

    desk.run("poll", "--all")

    assert tagged_by_chrome != deserved(0, 1)
    assert tags(desk) == deserved(0, 1, 2)


def test_entries_from_before_chrome_was_kept_are_marked_with_the_next_news(
    desk: Desk, web: WebServer
) -> None:
    subscribe(desk, web, document(*TEN), document(10))
    desk.run("poll", "--all")
    marked = rows(desk, "SELECT chrome FROM entries ORDER BY id")
    with closing(sqlite3.connect(desk.data / "aggregator.db")) as conn, conn:
        conn.execute("UPDATE entries SET chrome = '[]'")
        conn.execute("DELETE FROM chrome")

    desk.run("poll", "--all")

    assert rows(desk, "SELECT chrome FROM entries ORDER BY id LIMIT 10") == marked


def test_tagging_again_by_other_rules_leaves_chrome_out_too(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN))
    desk.run("poll", "--all")
    desk.config.write_text(desk.config.read_text() + "  valley: valley\n  plum: plum\n")

    desk.run("retag")

    assert tags(desk) == deserved(*TEN) | {"School gets a garden": ["plum"]}


def test_outputs_take_by_what_is_said_and_readers_get_the_whole_text(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN))
    outputs = (
        "outputs:\n  - {name: all}\n  - {name: army, include: defence}\n  - {name: long, include: words>40}\n"
    )
    desk.config.write_text(desk.config.read_text() + outputs)

    desk.run("poll", "--all")

    items = {name: json.loads(desk.published()[f"{name}.json"])["items"] for name in ("all", "army", "long")}
    assert [item["title"] for item in items["army"]] == ["Army buys forty new trucks"]
    assert items["long"] == []
    assert all(word in item["content_html"].casefold() for item in items["all"] for word in CHROME)


def test_the_filter_of_the_feed_does_not_read_chrome(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN), more=", include: [defence, economy]")

    desk.run("poll", "--all")

    assert set(tags(desk)) == {"Army buys forty new trucks", "Bread prices climb again"}


def test_search_finds_stories_and_not_chrome(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN))
    desk.run("poll", "--all")

    found = json.loads(desk.run("search", "defence", "--json", "--limit", "1").out)

    assert [story["title"] for story in found] == ["Army buys forty new trucks"]


def test_why_shows_what_counts_as_chrome(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN))
    desk.run("poll", "--all")

    told = json.loads(desk.run("why", "https://elm.example.org/2026/11/4", "--json").out)
    said = desk.run("why", "https://elm.example.org/2026/11/4").out

    assert told["entry"]["chrome"] == [
        "The Elm Herald: politics, economy and defence from the valley, every day.",
        "Parliament votes on water law",
        "Photo:",
        "Elm Herald Picture Desk",
        "Log in",
        "to comment on this article",
        "Share this article",
        "Print",
        "Подписывайтесь на наш канал: новости долины на русском языке.",
    ]
    assert "  page chrome, matches nothing: Elm Herald Picture Desk\n" in said


def test_a_feed_can_be_read_with_its_chrome_and_without_it_again(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN), document(10), document(11), more=", skip_chrome: false")
    desk.run("poll", "--all")
    every = tags(desk)
    whole = desk.config.read_text()

    desk.config.write_text(whole.replace("skip_chrome: false", "skip_chrome: true"))
    desk.run("poll", "--all")
    without = tags(desk)
    desk.config.write_text(whole)
    desk.run("retag")

    assert all(set(found) == set(CHROME) for found in every.values())
    assert without == deserved(*TEN, 10)
    assert all(set(found) == set(CHROME) for found in tags(desk).values())


def test_switching_it_off_forgets_what_was_learned(desk: Desk, web: WebServer) -> None:
    subscribe(desk, web, document(*TEN), document(10))
    desk.run("poll", "--all")
    desk.config.write_text(desk.config.read_text().replace("}\ntags", ", skip_chrome: false}\ntags"))

    desk.run("poll", "--all")

    assert rows(desk, "SELECT text FROM chrome") == []
    assert all(set(found) == set(CHROME) for found in tags(desk).values())
