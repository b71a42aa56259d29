"""Substances and processes that people exclude, with what belongs to each: who wants no chemicals
wants no formol either, in whichever language it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from marketplace.reading.folding import fold_in_place


@dataclass(frozen=True, slots=True)
class Substance:
    names: tuple[str, ...]  # its own spellings, in both languages
    members: tuple[str, ...] = ()  # what is one of it, or stands for it


class Substances:
    def __init__(self, rows: Iterable[Substance]) -> None:
        self.rows = tuple(rows)
        self._by_name: dict[str, list[Substance]] = {}
        for row in self.rows:
            for name in row.names:
                for spelling in _forms(name):
                    self._by_name.setdefault(spelling, []).append(row)
        self._known = set(self._by_name)
        for row in self.rows:
            # Of the members, short ones are too often other words.
            self._known |= {
                form for member in row.members if len(member) > 3 for form in _forms(member)
            }
        self._longest = max((len(name) for name in self._known), default=0)

    def length_at(self, lowered: str, start: int) -> int:
        """How long the known name is that begins here; 0 where none does."""
        for length in range(min(self._longest, len(lowered) - start), 1, -1):
            end = start + length
            if lowered[start:end] in self._known and not lowered[end : end + 1].isalnum():
                return length
        return 0

    def length_before(self, lowered: str, end: int) -> int:
        for length in range(min(self._longest, end), 1, -1):
            start = end - length
            before = lowered[start - 1] if start else " "
            if lowered[start:end] in self._known and not before.isalnum():
                return length
        return 0

    def spellings(self, phrase: str) -> tuple[str, ...]:
        """What else a text may say that means the phrase or one of its kind, itself left out.

        A phrase that only begins or ends with a known name ("dung môi hữu cơ độc", "toxic chemicals")
        is taken for that name; one of two known names ("keo formaldehyt") for the second, which tells
        the kind of the first: other kinds are not meant.
        """
        lowered = phrase.lower()
        rows = self._by_name.get(lowered)
        if rows is None and (kind := self.kind_of(lowered)):
            rows = [Substance((kind,)), *self._by_name.get(kind, ())]
        if rows is None:
            length = self.length_at(lowered, 0)
            rows = self._by_name.get(lowered[:length]) if length else None
        if rows is None:
            length = self.length_before(lowered, len(lowered))
            ending = lowered[len(lowered) - length :]
            # A Vietnamese phrase is headed by its first word: "lò hơi đốt than" is no coal.
            if length and (lowered.isascii() or " " in ending or len(ending) > 5):
                rows = self._by_name.get(ending)
        names = [name for row in rows or () for name in (*row.names, *row.members)]
        return tuple(name for name in dict.fromkeys(names) if name != lowered)

    def kind_of(self, phrase: str) -> str:
        """The known name that tells which kind of another one is meant: formaldehyt in "keo formaldehyt"."""
        lowered = phrase.lower()
        if lowered in self._by_name:
            return ""
        rest = lowered[self.length_at(lowered, 0) :].strip()
        return rest if rest != lowered and rest in self._known else ""


def _forms(name: str) -> tuple[str, ...]:
    """As written, and without marks where that is not some other short word ("chì" and "chỉ")."""
    bare = fold_in_place(name)
    return (name, bare) if bare != name and len(bare) > 3 else (name,)


@lru_cache(maxsize=1)
def shipped_substances() -> Substances:
    return Substances(_read(Path(__file__).parent / "data" / "substances.tsv"))


def _read(path: Path) -> Iterable[Substance]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        names, _, members = line.partition("\t")
        yield Substance(_split(names), _split(members))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip().lower() for part in cell.split(";") if part.strip())
