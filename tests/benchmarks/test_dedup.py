"""The scorer: what its figures mean, and that it hears a file as it stands."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.dedup import edits
from benchmarks.dedup.__main__ import measure, write_page
from benchmarks.dedup.lines import read
from benchmarks.dedup.measures import scores
from benchmarks.dedup.page import table, write

LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for those who were missing"
)


def test_scores_count_pairs_lines_and_links() -> None:
    found = scores(["a", "a", "a", None, "b"], ["1", "1", "2", "2", "3"], [(1, 0), (3, 2)])

    assert found.precision == 0.5
    assert found.recall == pytest.approx(1 / 3)
    assert found.bcubed_precision == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert found.bcubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert (found.link_precision, found.linked) == (0.5, 0.25)


def test_nothing_found_is_nothing_wrong() -> None:
    found = scores([], [], [])

    assert (found.precision, found.f1, found.linked) == (1, 1, 1)


def test_a_file_is_heard_in_its_order_plain_or_gzipped(tmp_path: Path) -> None:
    rows = [
        {"title": "Dam bursts in valley", "summary": LEAD, "t": 10, "story": "dam"},
        {"title": "UPDATE: Dam bursts in valley", "summary": LEAD, "t": 5, "story": "dam"},
        {"title": "Cup final goes to penalties"},
    ]
    text = "\n".join(map(json.dumps, rows))
    (tmp_path / "news.jsonl").write_text(text)
    (tmp_path / "news.jsonl.gz").write_bytes(gzip.compress(text.encode()))

    plain, zipped = read(tmp_path / "news.jsonl"), read(tmp_path / "news.jsonl.gz")

    assert plain == zipped
    assert plain[0].at < plain[1].at < plain[2].at
    for task in ("story", "event"):
        figures = measure(plain, task)
        assert (figures["precision"], figures["recall"], figures["bcubed_f1"]) == (1, 1, 1)


def test_edited_headlines_are_counted_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(
        json.dumps({"title": "Dam with 3 gates bursts in northern valley", "summary": LEAD, "t": 1})
    )

    assert edits.measure(read(path), 1) == {
        **dict.fromkeys(edits.EDITS, 1.0),
        "changed figure (should not join)": 0,
    }


def test_a_page_gets_the_figures_between_its_marks_and_keeps_its_words(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("Before.\n\n<!-- measured: story -->\nold\n<!-- end -->\n\nAfter <!-- end -->.\n")
    path = tmp_path / "news.jsonl"
    rows = [
        {"title": f"Dam {n} bursts in valley", "summary": LEAD, "t": n, "story": f"{n}"} for n in range(4)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    lines = read(path)

    for _ in range(2):
        write_page(page, "story", lines, measure(lines, "story"), path.name)

    told = page.read_text()
    assert told.startswith("Before.\n\n<!-- measured: story -->\n\n| part | precision |")
    assert told.endswith("<!-- end -->\n\nAfter <!-- end -->.\n")
    assert "| second half | 1.000 | 1.000 |" in told
    assert "From `news.jsonl`, 4 lines, on 20" in told
    assert "old" not in told
    assert told.count("| all |") == 1


def test_a_page_without_the_marks_is_named(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text("Nothing measured here.")

    with pytest.raises(SystemExit, match=r"quality\.md: put the lines `<!-- measured: cost -->`"):
        write(page, "cost", [{"entries": 1}], "")


def test_a_table_shows_shares_with_three_places_and_counts_whole() -> None:
    rows: list[dict[str, str | float]] = [{"part": "all", "entries": 12, "precision": 0.99681}]

    assert table(rows).splitlines()[2] == "| all | 12 | 0.997 |"


def test_edits_are_put_into_a_page_by_the_length_of_the_text(tmp_path: Path) -> None:
    path, page = tmp_path / "news.jsonl", tmp_path / "quality.md"
    path.write_text(
        json.dumps({"title": "Dam with 3 gates bursts in northern valley", "summary": LEAD, "t": 1})
    )
    page.write_text("<!-- measured: edits -->\n<!-- end -->\n")

    edits.write_page(page, read(path), 1, path.name)

    assert "| one typo | 1.000 | 1.000 | 1.000 | 0.000 |" in page.read_text()
