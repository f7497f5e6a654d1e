"""The feeds that ship with the program, and what a person means by the words that choose among them."""

from urllib.parse import urlsplit

import pytest

from aggregator.config.values import read_tag, read_url, same_url
from aggregator.core.settings import FeedSettings
from aggregator.setup.catalogue import (
    LANGUAGES,
    Offer,
    catalogue,
    chosen,
    countries_of,
    languages_of,
    meant,
    picked,
    topics_of,
)

OFFERS = (
    Offer("tech", "", "en", "Tech", "https://tech.example/"),
    Offer("tech/space", "", "en", "Space", "https://space.example/"),
    Offer("tech", "europe/germany", "de", "Technik", "https://technik.example/"),
    Offer("sport", "", "en", "Sport", "https://sport.example/"),
    Offer("", "europe/germany", "de", "Blatt", "https://blatt.example/"),
    Offer("", "asia/japan", "ja", "Shimbun", "https://shimbun.example/"),
)
TOPICS, COUNTRIES = topics_of(OFFERS), countries_of(OFFERS)


def titles(**wanted: tuple[str, ...]) -> list[str]:
    given = {"topics": (), "countries": (), **wanted}
    return [offer.title for offer in chosen(OFFERS, **given)]


class TestTheTable:
    def test_it_offers_many_topics_countries_and_languages(self) -> None:
        offers = catalogue()

        assert len(offers) >= 150
        assert len(topics_of(offers)) >= 10
        assert len(countries_of(offers)) >= 30
        assert len({offer.language for offer in offers}) >= 15

    @pytest.mark.parametrize("offer", catalogue(), ids=lambda offer: offer.url)
    def test_every_line_is_a_feed_that_a_config_can_name(self, offer: Offer) -> None:
        assert read_url(offer.url).startswith("https://")
        assert not urlsplit(offer.url).username
        assert offer.title == offer.title.strip() != ""
        assert offer.heading
        assert [read_tag(tag) for tag in offer.feed.tags]
        assert offer.language in LANGUAGES

    def test_no_feed_stands_there_twice(self) -> None:
        addresses = [same_url(offer.url) for offer in catalogue()]

        assert len(set(addresses)) == len(addresses)

    def test_every_language_of_the_table_and_no_other_has_a_name(self) -> None:
        assert {offer.language for offer in catalogue()} == set(LANGUAGES)

    def test_a_topic_and_a_country_become_tags(self) -> None:
        assert OFFERS[2].feed == FeedSettings(
            url="https://technik.example/", title="Technik", tags=("tech", "europe/germany")
        )


class TestWhatIsChosen:
    def test_a_topic_has_what_is_part_of_it_and_comes_in_english(self) -> None:
        assert titles(topics=("tech",)) == ["Tech", "Space"]

    def test_a_country_has_its_own_feeds_and_no_topics(self) -> None:
        assert titles(countries=("europe/germany",)) == ["Blatt"]

    def test_a_topic_comes_in_the_languages_of_the_countries_too(self) -> None:
        assert titles(topics=("tech",), countries=("europe",)) == ["Tech", "Space", "Technik", "Blatt"]

    def test_languages_that_are_named_are_the_only_ones(self) -> None:
        assert titles(topics=("tech",), countries=("asia",), languages=("de",)) == ["Technik", "Shimbun"]

    def test_what_is_spoken_somewhere_comes_behind_english(self) -> None:
        assert languages_of(OFFERS, ("asia", "europe/germany")) == ("en", "de", "ja")


class TestWhatIsMeant:
    @pytest.mark.parametrize(
        ("word", "name"),
        [
            ("tech", "tech"),
            (" Tech/Space ", "tech/space"),
            ("Space", "tech/space"),
            ("germany", "europe/germany"),
            ("EUROPE", "europe"),
        ],
    )
    def test_a_name_is_told_by_its_last_part_in_any_case(self, word: str, name: str) -> None:
        assert meant(word, (*TOPICS, *COUNTRIES)) == name

    def test_words_of_a_name_may_be_parted_by_blanks(self) -> None:
        assert meant("United Kingdom", ("europe/united-kingdom",)) == "europe/united-kingdom"

    @pytest.mark.parametrize(
        ("word", "message"),
        [("germny", "is none of them; did you mean germany"), ("zzz", "is none of: tech, tech/space, sport")],
    )
    def test_what_is_no_name_is_told_with_the_nearest(self, word: str, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            meant(word, TOPICS if word == "zzz" else COUNTRIES)

    @pytest.mark.parametrize(
        ("answer", "names"),
        [
            ("", ()),
            ("1", ("tech",)),
            ("2-3, 1", ("tech/space", "sport", "tech")),
            ("sport;space", ("sport", "tech/space")),
            ("all", ("tech", "tech/space", "sport")),
            ("1 1 tech", ("tech",)),
        ],
    )
    def test_an_answer_lists_numbers_and_names(self, answer: str, names: tuple[str, ...]) -> None:
        assert picked(answer, TOPICS) == names

    @pytest.mark.parametrize("answer", ["0", "4", "3-2", "2-9", "1 zzz"])
    def test_an_answer_that_names_nothing_is_told(self, answer: str) -> None:
        with pytest.raises(ValueError, match=rf"'{answer.rsplit(maxsplit=1)[-1]}' is none of"):
            picked(answer, TOPICS)
