"""Precision and recall of a grouping: by pairs, by lines (B-cubed, Bagga & Baldwin 1998), and of links."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scores:
    """All of them between 0 and 1."""

    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    link_precision: float
    linked: float


def scores(gold: Sequence[str | None], found: Sequence[str], links: Iterable[tuple[int, int]]) -> Scores:
    """How `found` compares with `gold`; a line whose gold is None belongs with nothing.

    By pairs and by links every line counts; B-cubed is the mean over the labelled lines. A link is the line
    that an engine put a line to, right if both are of one story; `linked` is the share of the labelled lines
    that were put to another.
    """
    truth = [story if story is not None else f"\0{place}" for place, story in enumerate(gold)]
    both, by_truth, by_found = Counter(zip(truth, found, strict=True)), Counter(truth), Counter(found)
    right = _pairs(both)
    precision, recall = _share(right, _pairs(by_found)), _share(right, _pairs(by_truth))
    labelled = [place for place, story in enumerate(gold) if story is not None]
    shares = [(both[truth[place], found[place]], place) for place in labelled]
    b_precision = _share(sum(common / by_found[found[place]] for common, place in shares), len(labelled))
    b_recall = _share(sum(common / by_truth[truth[place]] for common, place in shares), len(labelled))
    made = list(links)
    return Scores(
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        bcubed_precision=b_precision,
        bcubed_recall=b_recall,
        bcubed_f1=_f1(b_precision, b_recall),
        link_precision=_share(sum(truth[line] == truth[other] for line, other in made), len(made)),
        linked=_share(sum(gold[line] is not None for line, _ in made), len(labelled)),
    )


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
