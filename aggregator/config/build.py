"""Checked models → the frozen settings that everything else reads. Knows no file and no YAML.

Only keys that the file sets are passed on, so that every default stands in core/settings.py and nowhere else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from aggregator import __version__
from aggregator.config.models import Config, Feed, FeedList, Output, Section
from aggregator.config.values import Listen, default_public_url, same_url
from aggregator.core.categories import categories_of
from aggregator.core.filters import NO_NAMES, Filter, Names, any_of, named_filters
from aggregator.core.settings import (
    FeedSettings,
    LogSettings,
    OutputSettings,
    PollSettings,
    ServerSettings,
    Settings,
    TagRule,
)
from aggregator.core.urls import login_apart
from aggregator.model import LogFormat

EVERYTHING = OutputSettings(name="all", title="All stories")


def settings_of(
    config: Config, *, listen: Listen | None, log: LogFormat | None = None, names: Names = NO_NAMES
) -> Settings:
    """The settings that this config says, without the feeds of its OPML lists.

    `listen` and `log` override its own.
    """
    return Settings(
        server=_server(config, listen or config.server.listen),
        poll=_poll(config),
        logging=LogSettings(**{**_given(config.logging), **({"format": log} if log else {})}),
        keep=config.storage.keep,
        dedup_level=config.dedup.level,
        dedup_window=config.dedup.window,
        feeds=tuple(_feed(item) for item in config.feeds if not isinstance(item, FeedList)),
        filters=names,
        tags=tuple(TagRule(name=name, rule=_one(rule)) for name, rule in config.tags.items()),
        categories=categories_of(config.categories.map, config.categories.mute),
        topics=config.topics.threshold if config.topics else None,
        notify=tuple(dict.fromkeys(config.notify)),
        outputs=tuple(_output(output) for output in config.outputs) or (EVERYTHING,),
    )


def names_in(values: Mapping[str, Any]) -> Names:
    """What filters may use as `@name`, from the values as written; those that are no filters are left out."""
    filters = values.get("filters")
    found: dict[str, list[str]] = {}
    for name, said in filters.items() if isinstance(filters, dict) else ():
        sources = said if isinstance(said, list) else [said]
        found[str(name)] = [str(source) for source in sources if isinstance(source, str)]
    return named_filters(found)


def with_feeds(settings: Settings, more: Iterable[FeedSettings]) -> Settings:
    """The settings with these feeds after their own.

    An address that the config lists already stays as it is, and one that a feed of it had before is left out.
    """
    listed = {same_url(url) for feed in settings.feeds for url in (feed.url, *feed.was)}
    added = {same_url(feed.url): feed for feed in reversed(tuple(more)) if same_url(feed.url) not in listed}
    return replace(settings, feeds=(*settings.feeds, *reversed(added.values())))


def _server(config: Config, listen: Listen) -> ServerSettings:
    public_url = config.server.public_url or default_public_url(listen)
    given = {key: value for key, value in _given(config.server).items() if key != "listen"}
    given |= {
        "host": listen.host,
        "port": listen.port,
        "public_url": public_url,
        "is_public": bool(config.server.public_url),
    }
    return ServerSettings(**{**given, "proxies": tuple(config.server.proxies)})


def _poll(config: Config) -> PollSettings:
    """A server that wants to know who asks finds the address of our own, where there is a public one."""
    poll, home = config.poll, config.server.public_url
    name = {"user_agent": f"aggregator/{__version__} (+{home})"} if home else {}
    return PollSettings(**{**name, **_given(poll), "allow_private": tuple(poll.allow_private)})


def _feed(item: str | Feed) -> FeedSettings:
    if isinstance(item, str):
        return without_login(FeedSettings(url=item))
    was = tuple(login_apart(url)[0] for url in item.was)
    lists = {"tags": tuple(dict.fromkeys(item.tags)), "was": was}
    return without_login(FeedSettings(**{**_given(item), **lists, **_filters(item)}))


def without_login(feed: FeedSettings) -> FeedSettings:
    """The feed with user and password of its address in `auth`, so that they can be shown nowhere."""
    url, login = login_apart(feed.url)
    return replace(feed, url=url, auth=feed.auth or login)


def _output(output: Output) -> OutputSettings:
    lists = {"was": tuple(dict.fromkeys(output.was))}
    return OutputSettings(**{"title": _title(output.name), **_given(output), **lists, **_filters(output)})


def _title(name: str) -> str:
    return re.sub(r"[._-]+", " ", name).strip().capitalize()


def _given(section: Section) -> dict[str, Any]:
    return {key: getattr(section, key) for key in section.model_fields_set}


def _filters(section: Feed | Output) -> dict[str, Filter]:
    both = {"include": section.include, "exclude": section.exclude}
    return {key: _one(filters) for key, filters in both.items() if filters}


def _one(filters: list[Filter]) -> Filter:
    return filters[0] if len(filters) == 1 else any_of(filters)
