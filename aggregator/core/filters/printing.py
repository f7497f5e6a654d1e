"""A filter in its canonical form: reading what is printed gives the same filter.

Operators are written in one way, brackets only where they are needed, a field before each of its words, and
in place of a `@name` what it stands for. Two filters that are printed alike mean the same.
"""

from aggregator.core.filters.clauses import Clause, Group, Leaf, all_hold, any_holds, none_holds


def printed(clause: Clause) -> str:
    """The clause in its canonical form.

    One frame for each level: a hundred brackets must not reach Python's recursion limit.
    """
    clause = _meant(clause)
    if isinstance(clause, Leaf):
        return clause.source
    texts: list[str] = []
    for one in clause.parts:
        part = _meant(one)
        bare = _stands_bare(clause, part) and not (texts and _would_compare(part))
        texts.append(printed(part) if bare else f"({printed(part)})")
    if clause.join is none_holds:
        return f"-{texts[0]}"
    return (" OR " if clause.join is any_holds else " ").join(texts)


def bracketed(clause: Clause) -> str:
    """The same, fit to stand beside an operator that binds more closely than its own."""
    return printed(clause) if isinstance(_meant(clause), Leaf) else f"({printed(clause)})"


def _meant(clause: Clause) -> Clause:
    """What a name stands for, in place of the name."""
    while isinstance(clause, Group) and clause.join is any_holds and len(clause.parts) == 1:
        clause = clause.parts[0]
    return clause


def _stands_bare(group: Group, part: Clause) -> bool:
    if isinstance(part, Leaf) or part.join is none_holds:
        return True
    return group.join is any_holds and part.join is all_hold


def _would_compare(part: Clause) -> bool:
    """Whether the word before it would be read as a measure, as in `a <5`."""
    return isinstance(part, Leaf) and part.source.startswith(("<", ">", "="))
