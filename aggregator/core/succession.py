"""Which stored feed goes on under another address, because the config calls it by that now. Pure.

A feed that goes on keeps its entries and their ids, so its backlog is not news again. Taken for another's
successor by mistake it would mix two feeds for ever, so what is in doubt begins anew.

To recognise another change of address: a rule in `heirs`, after the user's own word.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from aggregator.core.urls import feed_key


def heirs(stored: Collection[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The wanted addresses that go on with a stored feed of another address, and which one that is.

    `wanted` holds each address of the config with those that the user says its feed had before (`was`).
    Without a word from him only the spelling may differ: http or https, a closing slash, a login.
    """
    new = {url: was for url, was in wanted.items() if url not in stored}
    left = [url for url in stored if url not in wanted]
    found: dict[str, str] = {}
    for url, was in new.items():
        old = _first_named(was, left)
        if old is not None:
            left.remove(old)
            found[url] = old
    return found | _respelled([url for url in new if url not in found], left)


def _first_named(was: Sequence[str], left: Sequence[str]) -> str | None:
    """The stored feed under the first of these addresses that has one; an exact spelling wins."""
    for named in was:
        alike = [url for url in left if feed_key(url) == feed_key(named)]
        if alike:
            return named if named in alike else alike[0]
    return None


def _respelled(new: Sequence[str], left: Sequence[str]) -> dict[str, str]:
    """Where exactly one stored feed left and exactly one came that is spelt alike."""
    by_key = {feed_key(url): url for url in left}
    gone, come = Counter(map(feed_key, left)), Counter(map(feed_key, new))
    return {url: by_key[key] for url in new if gone[key := feed_key(url)] == come[key] == 1}
