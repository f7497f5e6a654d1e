"""Feeds → YAML, as a person would write them: an address alone where that says it all, few quotes. Pure.

To write another key of a feed: a line in `as_read`.
"""

import json

import yaml

from aggregator.config.positions import ListNode, ScalarNode, read
from aggregator.config.values import duration_text, single_quoted
from aggregator.core.settings import FeedSettings
from aggregator.core.text import clean_text

Value = str | list[str]


def as_read(feed: FeedSettings) -> str | dict[str, Value]:
    """What the file says of the feed, as YAML reads it: its address, or the keys that are set."""
    said: dict[str, Value] = {"url": _escaped(feed.url)}
    if feed.title:
        said["title"] = _escaped(feed.title)
    if feed.tags:
        said["tags"] = list(feed.tags)
    if feed.every is not None:
        said["every"] = duration_text(feed.every)
    if feed.auth:
        said["auth"] = _escaped(feed.auth)
    return said if len(said) > 1 else _escaped(feed.url)


def in_lines(feed: FeedSettings, *, gap: str = " ") -> list[str]:
    """The feed as an item of a list in lines, without indentation; `gap` stands behind the dash."""
    said = as_read(feed)
    if isinstance(said, str):
        return [f"-{gap}{_scalar(said)}"]
    first, *others = (f"{key}: {_inline(value)}" for key, value in said.items())
    return [f"-{gap}{first}", *(f" {' ' * len(gap)}{line}" for line in others)]


def in_brackets(feed: FeedSettings, *, as_json: bool = False) -> str:
    """The feed as an item of a list in brackets."""
    said = as_read(feed)
    if as_json:
        return json.dumps(said, ensure_ascii=False)
    if isinstance(said, str):
        return _scalar(said, inside=True)
    return f"{{{', '.join(f'{key}: {_inline(value, inside=True)}' for key, value in said.items())}}}"


def _escaped(text: str) -> str:
    """On one line, without what no feed can carry and without a `${` that the environment would answer."""
    return " ".join(clean_text(text).split()).replace("${", "$${")


def _inline(value: Value, *, inside: bool = False) -> str:
    if isinstance(value, str):
        return _scalar(value, inside=inside)
    return f"[{', '.join(_scalar(part, inside=True) for part in value)}]"


def _scalar(text: str, *, inside: bool = False) -> str:
    """The text as it is where YAML reads it back so, else in quotes; `inside` brackets more need them."""
    return text if _reads_back(text, inside=inside) else single_quoted(text)


def _reads_back(text: str, *, inside: bool) -> bool:
    try:
        document = read(f"[key, {text}]" if inside else f"- {text}\n")
    except yaml.MarkedYAMLError:
        return False
    root = document.root
    last = root.items[-1] if isinstance(root, ListNode) else None
    alone = isinstance(root, ListNode) and len(root.items) == 1 + inside
    return alone and not document.flaws and isinstance(last, ScalarNode) and _is_text(last, text)


def _is_text(node: ScalarNode, text: str) -> bool:
    """Other programs read the file too: what YAML 1.1 takes for a number or a switch stands in quotes."""
    kind = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return node.text == text and not node.style and kind == "tag:yaml.org,2002:str"
