"""What titles mean, as vectors: the optional extra `[semantic]`, and nothing where it is not installed.

Reads two data files of the `wordllama` package in plain Python and runs none of its code, so that of what the
package depends on (numpy, tokenizers) nothing is needed. Knows no network. Another model: a module with a
class that has the two methods of core/events.py's Meanings, and its line in `meanings`.
"""

from importlib.util import find_spec
from pathlib import Path

from aggregator.core.events import Meanings, NoMeanings
from aggregator.semantic.table import Table

PACKAGE = "wordllama"


def meanings() -> Meanings:
    """Vectors where the extra is installed, words alone where it is not."""
    found = find_spec(PACKAGE)
    places = found.submodule_search_locations if found else None
    return Table.read(Path(places[0])) if places else NoMeanings()
