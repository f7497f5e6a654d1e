"""The keys of an output, as they are written and as they are refused."""

import pytest

from aggregator.model import Edition, Order
from tests.config.conftest import ONE_FEED, Faults, Load


@pytest.mark.parametrize("was", ["old", "[old]"])
def test_the_name_that_an_output_had_before_may_stand_alone_or_in_a_list(was: str, loaded: Load) -> None:
    (output,) = loaded(f"{ONE_FEED}outputs: [{{name: new, was: {was}}}]").settings.outputs

    assert output.was == ("old",)


def test_an_output_is_known_by_its_first_name(loaded: Load) -> None:
    text = f"{ONE_FEED}outputs: [{{name: newest, was: [old, new]}}, {{name: plain}}]"

    assert [output.origin for output in loaded(text).settings.outputs] == ["old", "plain"]


def test_a_name_of_before_belongs_to_one_output_and_is_none_of_today(faults_of: Faults) -> None:
    lines = faults_of(
        f"{ONE_FEED}outputs:\n- name: one\n- name: two\n  was: one\n- name: three\n  was: [old, three]\n"
        "- {name: four, was: [old, feeds, {}]}\n"
    )

    assert [line.partition("; ")[0] for line in lines] == [
        "aggregator.yaml:5:8: outputs[1].was: is the name of an output, on line 3",
        "aggregator.yaml:7:14: outputs[2].was[1]: is the name of an output, on line 6",
        "aggregator.yaml:8:22: outputs[3].was[0]: was another output's too, on line 7",
        "aggregator.yaml:8:27: outputs[3].was[1]: 'feeds' is an address of the program itself",
        "aggregator.yaml:8:34: outputs[3].was[2]: must be one value, a text",
    ]


def test_an_output_may_begin_with_what_most_feeds_report(loaded: Load) -> None:
    (output,) = loaded(f"{ONE_FEED}outputs: [{{name: top, order: coverage}}]").settings.outputs

    assert output.order is Order.COVERAGE


def test_another_order_is_told_with_those_that_there_are(faults_of: Faults) -> None:
    (fault,) = faults_of(f"{ONE_FEED}outputs: [{{name: top, order: best}}]")

    assert fault.endswith("outputs[0].order: 'best' is not one of: newest, coverage")


def test_a_token_is_read_from_the_environment(loaded: Load) -> None:
    text = f"{ONE_FEED}outputs: [{{name: mine, token: '${{MINE}}'}}]"

    settings = loaded(text, {"MINE": "0123456789-abcdef"}).settings

    assert settings.outputs[0].address == "private/0123456789-abcdef/mine"
    assert settings.public_outputs == ()
    assert "0123456789-abcdef" not in repr(settings)


@pytest.mark.parametrize(
    "token", ["too-short-secret"[:15], "a secret/of ours.", "secret" * 22, "[secret-0123456789]"]
)
def test_what_is_no_token_is_told_without_showing_it(faults_of: Faults, token: str) -> None:
    (fault,) = faults_of(f"{ONE_FEED}outputs:\n- {{name: mine, token: {token}}}")

    assert fault.startswith("aggregator.yaml:3:23: outputs[0].token: ")
    assert "secret" not in fault


def test_an_output_may_be_a_digest(loaded: Load) -> None:
    (output,) = loaded(f"{ONE_FEED}outputs: [{{name: top, digest: weekly}}]").settings.outputs

    assert output.digest is Edition.WEEKLY


def test_what_says_nothing_of_a_digest_is_a_fault_beside_it(faults_of: Faults) -> None:
    lines = faults_of(
        f"{ONE_FEED}outputs:\n- {{name: top, digest: daily, max_age: 2d, order: coverage, group: none}}"
    )

    assert [line.partition("outputs[0].")[2] for line in lines] == [
        "max_age: says nothing of a digest; take one of the two out",
        "order: says nothing of a digest; take one of the two out",
        "group: is none, and a digest names stories or events; take it out",
    ]
