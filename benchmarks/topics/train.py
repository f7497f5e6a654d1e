"""Makes aggregator/topics/words.txt, from text whose licence lets its weights be shipped.

    pip install numpy scipy scikit-learn
    python -m benchmarks.topics.train HUFFPOST.json UCI.csv --table FOLDER

HUFFPOST.json are 36,900 headlines of the News Category Dataset (R. Misra, CC BY 4.0), as few-shot benchmarks
share them (ws-jiang/MetaPrompter_public, data/): lines of `{raw, label}`, labels in the order of HUFFPOST.
UCI.csv are headlines of the News Aggregator dataset (F. Gasparetti, UCI, CC BY 4.0) with its columns TITLE
and CATEGORY (pratikaher88/IPythonNotebooks). FOLDER is the installed package `wordllama` (MIT), whose vectors
say which words are like which. The topics' own words are in words.py. Nothing else goes in, and no test set.

Three linear models, multiplied, which is one table: vectors of texts made up of the topics' words, vectors
of the labelled headlines, and the headlines' words themselves.
"""

import argparse
import csv
import json
import math
import mmap
from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from aggregator.core.topics import NOTHING, TOPICS, words_of
from aggregator.semantic.pieces import BEGINS, pieces
from aggregator.semantic.table import NUMBERS, PIECES, WEIGHTS
from benchmarks.topics.words import SEEDS

TARGET = Path(__file__).parents[2] / "aggregator" / "topics" / "words.txt"
NAMES = [topic.removeprefix("topic/") for topic in TOPICS]
# The categories that are a topic, by their first letters; others ("THE WORLDPOST", "COMEDY") are not used.
_CATEGORIES = (
    "pol hea art lif lif soc hea soc lif eco - spo soc lif soc - lif soc - soc "
    "cri art hum env - rel lif sci - lif sci eco art - hum art env edu - art edu"
)
HUFFPOST = _CATEGORIES.split()
UCI = {"b": "eco", "t": "sci", "e": "art", "m": "hea"}
_ANYWHERE = (
    "an the of to in on for and or is are was were be been it its as at by from with that this he she they "
    "his her their has have had will would not but said says say new after over up out who what when how you "
    "your we us year years day days one two first more than may could about into"
)
STOP = frozenset(_ANYWHERE.split())
MADE_UP = 1000  # texts a topic
LENGTH = 42.0  # by what a sum of vectors is divided beside the root of its words
SPREAD = 3.0  # of vectors of length 1
LEXICAL = 0.6  # the weight of the third model
SEED_WEIGHT = 5.0  # a word of a list counts for as many headlines
COOL = 1.2  # by what scores are divided, so that confidence is about how often they are right

Texts = Sequence[tuple[str, int]]


class Vectors:
    """The table of the package, for whole words."""

    def __init__(self, folder: Path) -> None:
        with (folder / WEIGHTS).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        begin = 8 + int.from_bytes(mapped[:8], "little")
        offset, end = json.loads(mapped[8:begin])["embedding.weight"]["data_offsets"]
        numbers = np.frombuffer(mapped[begin + offset : begin + end], dtype=np.float16)
        self.table = numbers.reshape(-1, NUMBERS).astype(np.float32)
        self.vocabulary: dict[str, int] = json.loads((folder / PIECES).read_text("utf-8"))["model"]["vocab"]
        self.of = cache(self._of)

    def _of(self, word: str) -> Any:
        return self.table[pieces(word, self.vocabulary)].sum(0)

    def texts(self, texts: Texts) -> Any:
        rows = [sum((self.of(word) for word in plain(text)), np.zeros(NUMBERS)) for text, _ in texts]
        found = np.stack(rows)
        return SPREAD * found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)

    def words(self) -> set[str]:
        whole = (
            piece[1:].lower() for piece in self.vocabulary if piece.startswith(BEGINS) and len(piece) > 3
        )
        return {word for word in whole if word.isalpha() and word.isascii()}


def plain(text: str) -> list[str]:
    return sorted(words_of(text) - STOP)


def numbered(start: str) -> int:
    return next(number for number, name in enumerate(NAMES) if name.startswith(start))


def seeds() -> Texts:
    return [
        (word.replace("-", " "), numbered(topic)) for topic, said in SEEDS.items() for word in said.split()
    ]


def headlines(huffpost: Path, uci: Path) -> Texts:
    found: dict[str, int] = {}
    for line in huffpost.read_text("utf-8").splitlines():
        told = json.loads(line)
        if (topic := HUFFPOST[told["label"]]) != "-":
            found[told["raw"].replace(" 's", "'s").replace(" - ", "-")] = numbered(topic)
    with uci.open(encoding="utf-8", errors="replace", newline="") as file:
        found |= {
            row["TITLE"]: numbered(UCI[row["CATEGORY"]])
            for row in csv.DictReader(file)
            if row["CATEGORY"] in UCI
        }
    return list(found.items())


def made_up(listed: Texts, told: Texts) -> Texts:
    """Texts of two to six words of a topic among words that stand anywhere."""
    chance = np.random.default_rng(1)
    counts = Counter(word for text, _ in told for word in plain(text))
    common = [(word, count) for word, count in sorted(counts.items()) if count >= 3]
    odds = np.array([count for _, count in common], float)
    odds /= odds.sum()
    found = []
    for topic in range(len(NAMES)):
        own = [text for text, number in listed if number == topic]
        for _ in range(MADE_UP):
            said = [own[place] for place in chance.integers(0, len(own), chance.integers(2, 7))]
            said += [common[place][0] for place in chance.choice(len(common), chance.integers(2, 8), p=odds)]
            found.append((" ".join(said), topic))
    return found


def sparse(texts: Texts, places: dict[str, int]) -> Any:
    rows, columns, values = [], [], []
    for row, (text, _) in enumerate(texts):
        known = [places[word] for word in plain(text) if word in places]
        rows += [row] * len(known)
        columns += known
        values += [1 / math.sqrt(len(known) or 1)] * len(known)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), len(places)))


def learned(given: Any, texts: Texts, strength: float, weights: Any = None, **more: Any) -> Any:
    numbers = [number for _, number in texts]
    return LogisticRegression(C=strength, max_iter=300, **more).fit(given, numbers, weights)


def train(huffpost: Path, uci: Path, folder: Path) -> tuple[list[str], Any, Any]:
    """The words, their weights by topic, and the bias."""
    vectors, listed, told = Vectors(folder), seeds(), headlines(huffpost, uci)
    both, counts = [*listed, *told], np.r_[np.full(len(listed), SEED_WEIGHT), np.ones(len(told))]
    words = sorted({word for text, _ in both for word in plain(text)} | (vectors.words() - STOP))
    texts, places = made_up(listed, told), {word: number for number, word in enumerate(words)}
    one = learned(vectors.texts(texts), texts, 0.5)
    two = learned(vectors.texts(both), both, 1, counts, class_weight="balanced")
    three = learned(sparse(both, places), both, 1, counts, class_weight="balanced")
    meant = np.stack([vectors.of(word) for word in words]) @ (one.coef_ + two.coef_).T * SPREAD / LENGTH
    weights = meant + LEXICAL * three.coef_.T
    return words, weights / COOL, (one.intercept_ + two.intercept_ + LEXICAL * three.intercept_) / COOL


def written(words: Sequence[str], weights: Any, bias: Any) -> str:
    """The file: weights are whole numbers from 1 to 255."""
    weights = weights - weights.mean(axis=1, keepdims=True)
    scale = float(np.quantile(np.abs(weights), 0.9999)) / (NOTHING - 1)
    whole = np.clip(np.rint(weights / scale), 1 - NOTHING, NOTHING - 1).astype(int) + NOTHING
    head = {"bias": [round(float(one), 4) for one in bias - bias.mean()], "scale": round(scale, 6)}
    lines = (
        f"{word} {b64encode(bytes(row)).decode()}" for word, row in zip(words, whole.tolist(), strict=True)
    )
    return "\n".join((json.dumps(head), *lines, ""))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.topics.train")
    parser.add_argument("huffpost", type=Path)
    parser.add_argument("uci", type=Path)
    parser.add_argument("--table", type=Path, required=True)
    args = parser.parse_args()
    TARGET.write_text(written(*train(args.huffpost, args.uci, args.table)), "utf-8")


if __name__ == "__main__":
    main()
