"""Is a title in English? Pure; says yes where a feed says so, and looks at the words where it says nothing.

A vector of a text in another language would not be wrong but meaningless, and everything would be close to
it; so a doubtful title is compared by words alone.
"""

from aggregator.core.text import words

PLAIN_LETTERS = 0.9  # of all letters: names bring a few others

# Words that stand in most sentences of a language and are none in English.
_FOREIGN = frozenset(
    words(
        "der das und ist nicht mit von für auf ein eine den dem im zu zum nach bei wie wird sich aus "
        "le la les un une des du et est dans pour sur avec au aux que qui pas ce "
        "el los las una y por con para del al se su es como "
        "il lo gli di che per non della dei nel alla sono più "
        "o os um uma da em não com dos das ao mais "
        "het een van dat niet zijn op te voor met naar bij en de "
        "och att det som på av är till för ikke og af til der nie na się w z że jest bir ve için ile"
    )
)


def is_english(title: str, lang: str | None) -> bool:
    """What the feed says, or what most words look like."""
    if lang:
        return lang.lower().startswith("en")
    letters = [letter for letter in title if letter.isalpha()]
    if sum(letter.isascii() for letter in letters) < PLAIN_LETTERS * len(letters):
        return False
    said = words(title)
    return 4 * sum(word in _FOREIGN for word in said) <= len(said)
