"""What only shows when keys of the config are seen together, or beside what is installed.

Values in, `report` hears of the faults, and of what must have been meant where that is sure. These look at
the values as written and pass over what models.py complains about: one run tells all.

To add a check: a function `(config, lines, report)`, in CHECKS.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from importlib.util import find_spec
from typing import Any, Protocol

from aggregator.config.positions import KEY, Loc
from aggregator.config.values import duration_text, read_duration, same_url
from aggregator.core.categories import spelling
from aggregator.core.settings import PollSettings, parents, tag_key
from aggregator.core.urls import login_apart
from aggregator.model import Group

LineOf = Callable[[Loc], int]
"""On which line, from 1, the value of a place begins."""
Values = Mapping[str, Any]


class Report(Protocol):
    """Hears of a fault."""

    def __call__(self, loc: Loc, message: str, meant: str | None = None) -> None:
        """`meant` is what to write in place of the text at `loc`, where it can be one thing only."""


NO_EXTRA = "needs the extra `fulltext`: pip install 'aggregator[fulltext]', or take full_text out"

_ORDERED = (("min", "max"), ("backoff", "backoff_max"))


def feeds_stand_once(config: Values, line_of: LineOf, report: Report) -> None:
    """An address, of a feed or of a list, stands here once."""
    for loc, known in _taken(_feed_urls(config)):
        report(loc, f"stands in the list already, on line {line_of(known)}; take one of the two out")


def logins_stand_once(config: Values, _line_of: LineOf, report: Report) -> None:
    """A server gets one login: from the address, from `auth`, or from a header."""
    for index, item in _items(config, "feeds"):
        if not isinstance(item, dict) or "auth" not in item:
            continue
        headers, url = item.get("headers"), item.get("url")
        if isinstance(headers, dict) and "authorization" in {name.lower() for name in headers}:
            report(
                ("feeds", index, "auth"),
                "is a login, and so is the header Authorization; keep one of the two",
            )
        elif isinstance(url, str) and login_apart(url)[1]:
            report(("feeds", index, "auth"), "is a login, and the address has one, too; keep one of the two")


def moved_feeds_have_left(config: Values, line_of: LineOf, report: Report) -> None:
    """An address that a feed had before is no feed's today, and was one feed's."""
    was = ((loc, same_url(url)) for loc, url in _was(config, "feeds"))
    for loc, known in _taken(was, _feed_urls(config)):
        what = "was another feed's too" if "was" in known else "is the address of a feed"
        report(loc, f"{what}, on line {line_of(known)}; take one of the two out")


def outputs_have_their_own_names(config: Values, line_of: LineOf, report: Report) -> None:
    """Two outputs cannot share an address."""
    for loc, known in _taken(_output_names(config)):
        report(loc, f"is the name of the output on line {line_of(known)} already; give this one another")


def renamed_outputs_have_left(config: Values, line_of: LineOf, report: Report) -> None:
    """A name that an output had before is no output's today, and was one output's."""
    for loc, known in _taken(_was(config, "outputs"), _output_names(config)):
        what = "was another output's too" if "was" in known else "is the name of an output"
        report(loc, f"{what}, on line {line_of(known)}; take one of the two out")


def hubs_can_reach_us(config: Values, _line_of: LineOf, report: Report) -> None:
    """A hub fetches our outputs, and everybody reads its address in them."""
    server = config.get("server")
    hub = server.get("hub") if isinstance(server, dict) else None
    if not isinstance(server, dict) or not isinstance(hub, str):
        return
    if "public_url" not in server:
        report(
            ("server", "hub"), "needs server.public_url beside it: that is where a hub fetches what changed"
        )
    if login_apart(hub)[1]:
        report(("server", "hub"), "stands in every output, with its login; take the login out")


def digests_stand_alone(config: Values, _line_of: LineOf, report: Report) -> None:
    """What says which items an output shows, and in which order, says nothing of digests."""
    for index, item in _items(config, "outputs"):
        if not isinstance(item, dict) or "digest" not in item:
            continue
        for key in sorted({"max_age", "order"} & item.keys()):
            report(("outputs", index, key), "says nothing of a digest; take one of the two out")
        if item.get("group") == Group.NONE:
            report(("outputs", index, "group"), "is none, and a digest names stories or events; take it out")


def limits_are_in_order(config: Values, _line_of: LineOf, report: Report) -> None:
    """A shortest span is not longer than its longest."""
    poll = config.get("poll")
    if not isinstance(poll, dict):
        return
    for lower, upper in _ORDERED:
        low, high = _span(poll, lower), _span(poll, upper)
        if low is None or high is None or low <= high:
            continue
        wrong = lower if lower in poll else upper
        told = [
            f"'{key}' ({duration_text(span)}{'' if key in poll else ' by default'})"
            for key, span in ((lower, low), (upper, high))
        ]
        report(("poll", wrong), f"{told[0]} is longer than {told[1]}; change one of the two")


def categories_stand_once(config: Values, line_of: LineOf, report: Report) -> None:
    """However it is spelled, a category has one line that says what becomes of it."""
    for loc, known in _taken((loc, spelling(category)) for loc, category in _categories(config)):
        report(loc, f"is the category on line {line_of(known)}; take one of the two out")


def tags_are_spelled_in_one_way(config: Values, line_of: LineOf, report: Report) -> None:
    """A tag has one feed: capitals do not make two of one. What the key of a rule says goes first."""
    known: dict[str, tuple[str, Loc]] = {}
    for loc, tag in _tags(config):
        names = (*parents(tag), tag)
        named = next((name for name in reversed(names) if tag_key(name) in known), None)
        if named is not None:
            spelled, place = known[tag_key(named)]
            if spelled != named:
                rest, line = tag[len(named) :], line_of(place)
                report(loc, *_of_another_spelling(loc, rest, spelled if place[-1] == KEY else None, line))
        for name in names:
            known.setdefault(tag_key(name), (name, loc))


def _of_another_spelling(loc: Loc, rest: str, rule: str | None, line: int) -> tuple[str, str | None]:
    """What to say, and what must have been meant: the `rule`, whose key the environment has no part in."""
    is_rule = loc[-1] == KEY
    what = "begins with" if rest else "is"
    whose = f"the tag '{rule}'" if rule else "a tag"
    cure = "make one rule of the two" if is_rule and not rest else "write both alike"
    meant = None if is_rule or rule is None else rule + rest
    return f"{what} another spelling of {whose} on line {line}; {cure}", meant


def full_text_can_be_had(config: Values, _line_of: LineOf, report: Report) -> None:
    """What finds the text in a page is an extra: a feed that wants it needs it here and now."""
    if find_spec("trafilatura"):  # looked for, never imported: only parser processes do
        return
    for index, item in _items(config, "feeds"):
        if isinstance(item, dict) and str(item.get("full_text")).lower() == "true":
            report(("feeds", index, "full_text"), NO_EXTRA)


def _taken(
    named: Iterable[tuple[Loc, str]], before: Iterable[tuple[Loc, str]] = ()
) -> Iterator[tuple[Loc, Loc]]:
    """Where a name stands that one of these or of those `before` has already, and where that one stands."""
    places = {name: loc for loc, name in before}
    for loc, name in named:
        known = places.setdefault(name, loc)
        if known is not loc:
            yield loc, known


def _span(poll: Mapping[str, object], key: str) -> timedelta | None:
    try:
        return read_duration(str(poll[key])) if key in poll else getattr(PollSettings(), key)
    except ValueError:
        return None


def _items(config: Values, section: str) -> Iterator[tuple[int, Any]]:
    listed = config.get(section)
    return enumerate(listed if isinstance(listed, list) else ())


def _feed_urls(config: Values) -> Iterator[tuple[Loc, str]]:
    """Of feeds and of lists, each in the form that tells whether two are the same."""
    for index, item in _items(config, "feeds"):
        if isinstance(item, str):
            yield ("feeds", index), same_url(item)
        elif isinstance(item, dict):
            yield from (
                (("feeds", index, key), same_url(item[key]))
                for key in ("url", "opml")
                if isinstance(item.get(key), str)
            )


def _was(config: Values, section: str) -> Iterator[tuple[Loc, str]]:
    """What feeds or outputs were called before."""
    for index, item in _items(config, section):
        if isinstance(item, dict):
            yield from _texts((section, index, "was"), item.get("was"))


def _output_names(config: Values) -> Iterator[tuple[Loc, str]]:
    for index, item in _items(config, "outputs"):
        if isinstance(item, dict) and isinstance(item.get("name"), str):
            yield ("outputs", index, "name"), item["name"]


def _categories(config: Values) -> Iterator[tuple[Loc, str]]:
    section = config.get("categories")
    told = section if isinstance(section, dict) else {}
    mapped, muted = told.get("map"), told.get("mute")
    yield from ((("categories", "map", name), name) for name in (mapped if isinstance(mapped, dict) else ()))
    yield from _texts(("categories", "mute"), muted)


def _tags(config: Values) -> Iterator[tuple[Loc, str]]:
    """What rules, feeds and mapped categories name; the keys of rules first."""
    rules, categories = config.get("tags"), config.get("categories")
    mapped = categories.get("map") if isinstance(categories, dict) else None
    yield from ((("tags", name, KEY), name) for name in (rules if isinstance(rules, dict) else ()))
    for index, item in _items(config, "feeds"):
        if isinstance(item, dict):
            yield from _texts(("feeds", index, "tags"), item.get("tags"))
    for name, tags in (mapped if isinstance(mapped, dict) else {}).items():
        yield from _texts(("categories", "map", name), tags)


def _texts(loc: Loc, value: object) -> Iterator[tuple[Loc, str]]:
    """What is said where a text may stand, or a list of those."""
    if isinstance(value, str):
        yield loc, value
    for place, one in enumerate(value if isinstance(value, list) else ()):
        if isinstance(one, str):
            yield (*loc, place), one


CHECKS = (
    feeds_stand_once,
    moved_feeds_have_left,
    logins_stand_once,
    outputs_have_their_own_names,
    renamed_outputs_have_left,
    digests_stand_alone,
    hubs_can_reach_us,
    limits_are_in_order,
    categories_stand_once,
    tags_are_spelled_in_one_way,
    full_text_can_be_had,
)
