"""Reads the model of topics that ships with the program; knows no network and judges no text.

The file: a line of JSON, then a line for each word, with its weights in base64. Made by
`python -m benchmarks.topics.train`; whose text it has learned from stands in NOTICE.md beside it.
"""

import json
from base64 import b64decode
from functools import cache
from importlib.resources import files

from aggregator.core.settings import Settings
from aggregator.core.text import key64
from aggregator.core.topics import NO_MODEL, Model, packed

FILE = "words.txt"


def model_for(settings: Settings) -> Model:
    """The model where the config asks for topics; one that knows nothing where it does not."""
    return NO_MODEL if settings.topics is None else model()


@cache
def model() -> Model:
    """The model, read once and kept: it is 31,000 words."""
    text = files(__package__).joinpath(FILE).read_text("utf-8")
    head, *lines = text.splitlines()
    told = json.loads(head)
    weights = {word: packed(b64decode(said)) for word, said in map(str.split, lines)}
    return Model(weights, tuple(told["bias"]), told["scale"], key64(text))
