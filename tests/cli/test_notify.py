"""`notify` sends a test to everybody; `check` judges the addresses; neither shows a password."""

from tests.mailbox import mailbox
from tests.newsroom import Desk, aside


def test_a_test_notice_goes_to_everybody_and_each_answer_is_told(desk: Desk) -> None:
    with aside(mailbox()) as box:
        desk.write(more=f"notify: ['{box.address}']\n")
        sent = desk.run("notify")
        desk.write(more=f"notify: ['{box.address}', 'json://me:hunter2secret@127.0.0.1:1/']\n")
        failed = desk.run("notify")

    assert (sent.code, sent.out) == (0, "notify[0] (json): taken\n")
    assert failed.code == 1
    assert "notify[1] (json): A Connection error occurred" in failed.out
    assert "hunter2secret" not in failed.out + failed.err
    assert box.titles() == ["aggregator: a test"] * 2


def test_where_nobody_is_named_that_is_told(desk: Desk) -> None:
    desk.write()

    ended = desk.run("notify")

    assert ended.code == 1
    assert "put addresses under `notify:`" in ended.out


def test_check_finds_an_address_of_no_service(desk: Desk) -> None:
    desk.write(more="notify:\n  - json://127.0.0.1/\n  - jsn://me:hunter2secret@127.0.0.1/\n")

    ended = desk.run("check")

    assert ended.code == 2
    assert ":5:5: notify[1]: is of no service that apprise knows: 'jsn', did you mean 'json'?" in ended.out
    assert "hunter2secret" not in ended.out
