"""Names of people as catalogues invert them, written as Vietnamese names are written."""

from marketplace.sources.formats.syllables import is_marked_syllable


def natural_name(name: str) -> str:
    """`Nguyễn, Văn An` → `Nguyễn Văn An`: the family name leads anyway. `Rossi, Ada` stays."""
    family, comma, given = name.partition(",")
    words = [*family.split(), *given.split()]
    is_vietnamese = (
        bool(comma and family.strip() and given.strip())
        and not name.isascii()
        and all(is_marked_syllable(word) for word in words)
    )
    return " ".join(words) if is_vietnamese else name
