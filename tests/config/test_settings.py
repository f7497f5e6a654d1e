"""What a config means: its values as settings, its defaults, and the checks over several keys."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.core.categories import categories_of
from aggregator.core.filters import parse_filter
from aggregator.core.settings import (
    TOPIC_THRESHOLD,
    FeedSettings,
    OutputSettings,
    PollSettings,
    ServerSettings,
    Settings,
    TagRule,
)
from aggregator.model import DedupLevel, Group, LoginFor
from tests.config.conftest import ONE_FEED, Faults, Load

EXAMPLES = Path(__file__).parent / "examples"
AN_OPML = '<opml><body><outline xmlUrl="https://listed.example/"/></body></opml>'


def test_without_more_the_defaults_are_those_of_the_settings_and_one_output_takes_all(loaded: Load) -> None:
    settings = loaded(ONE_FEED).settings

    assert settings == Settings(
        feeds=(FeedSettings(url="https://example.org/feed.xml"),),
        outputs=(OutputSettings(name="all", title="All stories"),),
    )


def test_every_section_of_the_example_is_read(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "subscriptions.opml").write_text(AN_OPML, encoding="utf-8")
    text = (EXAMPLES / "everything.yaml").read_text(encoding="utf-8")

    settings = loaded(text, {"MY_TOKEN": "abc"}).settings

    assert settings.server == ServerSettings(public_url="https://news.example.org/", is_public=True)
    assert settings.poll == PollSettings(user_agent=f"aggregator/{__version__} (+https://news.example.org/)")
    assert (settings.keep, settings.dedup_window) == (timedelta(days=90), timedelta(days=14))
    assert [feed.url for feed in settings.feeds] == [
        "https://feeds.bbci.co.uk/news/world/rss.xml",
        "https://www.theguardian.com/world/rss",
        "https://listed.example/",
    ]
    assert [rule.name for rule in settings.tags] == ["nato", "energy", "europe/elections"]
    assert settings.categories == categories_of(
        {"Welt": ["world"], "News/Politics": ["politics", "europe"]}, ["sponsored", "live"]
    )


def test_a_feed_of_the_example_has_all_that_it_sets(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "subscriptions.opml").write_text(AN_OPML, encoding="utf-8")
    text = (EXAMPLES / "everything.yaml").read_text(encoding="utf-8")

    feed = loaded(text, {"MY_TOKEN": "abc"}).settings.feeds[1]

    assert feed == FeedSettings(
        url="https://www.theguardian.com/world/rss",
        title="The Guardian, World",
        tags=("world",),
        every=timedelta(minutes=15),
        priority=10,
        skip_chrome=False,
        full_text=True,
        dedup=DedupLevel.OFF,
        include=parse_filter("(ukraine) OR (nato)"),
        exclude=parse_filter("sport"),
        headers={"Authorization": "abc"},
        was=("https://old.example.org/rss", "http://older.example.org/rss"),
    )


def test_the_output_of_the_example_has_all_that_it_sets(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "subscriptions.opml").write_text(AN_OPML, encoding="utf-8")
    text = (EXAMPLES / "everything.yaml").read_text(encoding="utf-8")

    outputs = loaded(text, {"MY_TOKEN": "abc"}).settings.outputs

    assert outputs == (
        OutputSettings(
            name="security",
            title="Security",
            include=parse_filter("(tag:nato) OR (missile*)"),
            exclude=parse_filter('(tag:sport) OR ("live blog")'),
            max_age=timedelta(days=7),
            per_feed=20,
        ),
    )


def test_every_poll_key_reaches_the_settings(loaded: Load) -> None:
    text = """
    poll:
      every: 1h
      min: 1m
      max: 2h
      concurrency: 1
      per_host: 2
      host_gap: 2s
      timeout: 3s
      max_bytes: 4KB
      allow_private: [nas.lan, 10.0.0.0/8]
      spread: 5s
      jitter: .5
      backoff: 6s
      backoff_max: 7s
      hint_max: 8s
      retry_after_max: 9s
      refetch: 10s
      move_after: 11
      move_span: 12s
      parse_timeout: 13s
      parse_memory: 64MB
      user_agent: Reader/1.0 (+https://example.org/)
    feeds: []
    """

    poll = loaded(text).settings.poll

    assert poll == PollSettings(
        every=timedelta(hours=1),
        min=timedelta(minutes=1),
        max=timedelta(hours=2),
        concurrency=1,
        per_host=2,
        host_gap=timedelta(seconds=2),
        timeout=timedelta(seconds=3),
        max_bytes=4_000,
        allow_private=("nas.lan", "10.0.0.0/8"),
        spread=timedelta(seconds=5),
        jitter=0.5,
        backoff=timedelta(seconds=6),
        backoff_max=timedelta(seconds=7),
        hint_max=timedelta(seconds=8),
        retry_after_max=timedelta(seconds=9),
        refetch=timedelta(seconds=10),
        move_after=11,
        move_span=timedelta(seconds=12),
        parse_timeout=timedelta(seconds=13),
        parse_memory=64_000_000,
        user_agent="Reader/1.0 (+https://example.org/)",
    )


def test_words_that_older_yaml_takes_for_switches_and_times_stay_words(loaded: Load) -> None:
    text = """
    feeds: [{url: https://no.example/, title: no, dedup: off, paused: true}]
    dedup: {level: off}
    tags: {no: [on, 12:30, 0x10, 1_000, 2024-01-01], yes: 1e3}
    outputs: [{name: off, include: yes, group: none}]
    """

    settings = loaded(text).settings

    assert (settings.feeds[0].title, settings.feeds[0].dedup, settings.feeds[0].paused) == (
        "no",
        DedupLevel.OFF,
        True,
    )
    assert settings.dedup_level is DedupLevel.OFF
    assert [rule.name for rule in settings.tags] == ["no", "yes"]
    assert settings.tags[1] == TagRule(name="yes", rule=parse_filter("1e3"))
    assert settings.outputs == (
        OutputSettings(name="off", title="Off", include=parse_filter("yes"), group=Group.NONE),
    )


def test_a_tag_named_twice_by_a_feed_is_one(loaded: Load) -> None:
    assert loaded("feeds: [{url: https://example.org/, tags: [a, b, a]}]").settings.feeds[0].tags == (
        "a",
        "b",
    )


def test_an_output_is_titled_after_its_name(loaded: Load) -> None:
    outputs = loaded(ONE_FEED + "outputs: [{name: front-page_2.0}]").settings.outputs

    assert outputs[0].title == "Front page 2 0"


def test_the_hub_is_read_beside_the_public_url(loaded: Load) -> None:
    text = "server: {public_url: 'https://news.example.org', hub: 'https://hub.example.org/'}"

    server = loaded(f"{text}\n{ONE_FEED}").settings.server

    assert server.hub == "https://hub.example.org/"


def test_without_a_public_url_links_begin_where_we_listen(loaded: Load) -> None:
    server = loaded(ONE_FEED + "server: {listen: '[::]:81'}").settings.server

    assert server == ServerSettings(host="::", port=81, public_url="http://localhost:81/")


def test_an_address_stands_in_the_list_once_however_it_is_spelt(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n- https://A.example:443\n- url: https://a.example/#x\n- https://b.example/\n")

    assert lines == [
        "aggregator.yaml:3:8: feeds[1].url: stands in the list already, on line 2; take one of the two out"
    ]


@pytest.mark.parametrize("was", ["https://old.example/", "[https://old.example/]"])
def test_the_address_that_a_feed_had_before_may_stand_alone_or_in_a_list(was: str, loaded: Load) -> None:
    (feed,) = loaded(f"feeds: [{{url: https://new.example/, was: {was}}}]").settings.feeds

    assert feed.was == ("https://old.example/",)


def test_an_address_of_before_belongs_to_one_feed_and_is_none_of_today(faults_of: Faults) -> None:
    lines = faults_of(
        "feeds:\n- https://a.example/\n- url: https://b.example/\n  was: https://A.example\n"
        "- url: https://c.example/\n  was: [https://old.example/, https://c.example/]\n"
        "- {url: https://d.example/, was: [https://old.example/, {}]}\n"
    )

    assert [line.partition("; ")[0] for line in lines] == [
        "aggregator.yaml:4:8: feeds[1].was: is the address of a feed, on line 2",
        "aggregator.yaml:6:31: feeds[2].was[1]: is the address of a feed, on line 5",
        "aggregator.yaml:7:35: feeds[3].was[0]: was another feed's too, on line 6",
        "aggregator.yaml:7:57: feeds[3].was[1]: must be one value, a text",
    ]


def test_a_list_of_feeds_stands_in_the_list_once(faults_of: Faults) -> None:
    lines = faults_of("feeds:\n- opml: https://a.example/list\n- opml: https://a.example:443/list\n")

    assert lines == [
        "aggregator.yaml:3:9: feeds[1].opml: stands in the list already, on line 2; take one of the two out"
    ]


def test_two_outputs_cannot_share_a_name(faults_of: Faults) -> None:
    lines = faults_of(ONE_FEED + "outputs:\n- name: a\n- name: b\n- {title: x, name: a}\n")

    assert [line.partition(": ")[0] for line in lines] == ["aggregator.yaml:5:20"]
    assert "is the name of the output on line 3 already" in lines[0]


@pytest.mark.parametrize(
    ("poll", "line"),
    [
        ("min: 2d", "2:13: poll.min: 'min' (2d) is longer than 'max' (1d by default)"),
        ("max: 5m", "2:13: poll.max: 'min' (10m by default) is longer than 'max' (5m)"),
        ("min: 2h, max: 1h", "2:13: poll.min: 'min' (2h) is longer than 'max' (1h)"),
        ("backoff: 2d", "2:17: poll.backoff: 'backoff' (2d) is longer than 'backoff_max' (1d by default)"),
        ("min: 2d, max: soon", "2:22: poll.max: 'soon' is not a duration"),
    ],
)
def test_a_shortest_span_is_not_longer_than_its_longest(poll: str, line: str, faults_of: Faults) -> None:
    lines = faults_of(f"{ONE_FEED}poll: {{{poll}}}\n")

    assert len(lines) == 1
    assert lines[0].startswith(f"aggregator.yaml:{line}; ")


@pytest.mark.parametrize(
    "key", ["every", "max", "timeout", "backoff", "backoff_max", "refetch", "parse_timeout"]
)
def test_every_duration_of_the_pace_can_be_a_second(loaded: Load, key: str) -> None:
    others = "".join(f"{other}: 1s, " for other in ("backoff", "min") if other != key)

    poll = loaded(f"poll: {{{others}{key}: 1s}}\n" + ONE_FEED).settings.poll

    assert getattr(poll, key) == timedelta(seconds=1)


@pytest.mark.parametrize("key", ["min", "host_gap", "spread", "hint_max", "retry_after_max", "move_span"])
def test_every_gap_and_limit_of_the_pace_can_be_nothing(loaded: Load, key: str) -> None:
    poll = loaded(f"poll: {{{key}: 0s, jitter: 0, move_after: 1}}\n" + ONE_FEED).settings.poll

    assert (getattr(poll, key), poll.jitter) == (timedelta(0), 0)


@pytest.mark.parametrize(
    ("said", "threshold"),
    [("true", TOPIC_THRESHOLD), ("false", None), ("{}", TOPIC_THRESHOLD), ("{threshold: .6}", 0.6)],
)
def test_topics_are_asked_for_in_a_word_or_with_a_threshold(
    loaded: Load, said: str, threshold: float | None
) -> None:
    assert loaded(f"{ONE_FEED}topics: {said}\n").settings.topics == threshold
    assert loaded(ONE_FEED).settings.topics is None


def test_who_is_served_is_what_the_config_says(loaded: Load) -> None:
    text = "server: {login: 'me:${PASS}', login_for: pages, proxies: 172.16.0.0/12, searches: 5}"

    server = loaded(f"{ONE_FEED}\n{text}", {"PASS": "secret"}).settings.server

    assert server == ServerSettings(
        login="me:secret", login_for=LoginFor.PAGES, proxies=("172.16.0.0/12",), searches=5
    )
    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    ("public_url", "prefix"),
    [
        ("https://example.org/", ""),
        ("https://example.org/my/news/", "/my/news"),
        ("https://example.org/a", "/a"),
    ],
)
def test_a_public_url_with_a_path_has_everything_below_it(loaded: Load, public_url: str, prefix: str) -> None:
    settings = loaded(f"{ONE_FEED}\nserver: {{public_url: '{public_url}'}}").settings

    assert settings.server.prefix == prefix
