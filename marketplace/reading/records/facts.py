"""What is known of a record, and the same made comparable once for all its comparisons."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from marketplace.reading.records.people import Name, read_name
from marketplace.reading.records.titles import Title, read_title
from search.analysis import detect_language, fold, normalize

#: Shorter texts say too little to be compared.
ENOUGH_WORDS: Final = 25
#: More of an abstract is not compared word by word.
READ_WORDS: Final = 600
_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_SHINGLE: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
_NOT_CODE: Final = re.compile(r"[^0-9a-z]+")
_LEADING_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number that its register gives once. `scope` says whose register: provinces number by
    themselves, and `20/KQNC-SKHCN` of one is not that of another."""

    kind: str
    value: str
    scope: str = ""

    @property
    def key(self) -> str:
        return _LEADING_ZEROS.sub("", _NOT_CODE.sub("/", fold(self.value)).strip("/"))

    @property
    def scope_key(self) -> str:
        return " ".join(_WORD.findall(fold(self.scope)))


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """One record as its source has it. `organizations` are the normal forms of the names that its
    organisation has or had; equal forms are one organisation."""

    title: str
    title_en: str = ""
    language: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    agency: str = ""
    #: (name, whether it is who led the work)
    people: tuple[tuple[str, bool], ...] = ()
    year: int | None = None
    started_on: str = ""
    ended_on: str = ""
    funding: int | None = None
    identifiers: tuple[Identifier, ...] = ()
    #: "I", "II" where the source keeps it apart from the title.
    phase: str = ""
    source: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    facts: RecordFacts
    title: Title
    title_en: Title
    abstract_language: str
    #: The abstract without marks, and the figures in it; empty where it is too short to compare.
    words: tuple[str, ...]
    figures: Counter[str]
    #: Words of the abstract and of the keywords.
    vocabulary: frozenset[str]
    shingles: frozenset[int]
    keywords: frozenset[str]
    lead: Name | None
    people: tuple[Name, ...]
    organizations: frozenset[str]
    agency: str
    phase: str


def prepare(facts: RecordFacts, *, places: Mapping[str, str] | None = None) -> Prepared:
    names = [(read_name(name), leads) for name, leads in facts.people if name.strip()]
    title = read_title(facts.title, places=places, language=facts.language)
    words = _WORD.findall(fold(normalize(facts.abstract)))
    keywords = frozenset(" ".join(_WORD.findall(fold(word))) for word in facts.keywords) - {""}
    enough = len(words) >= ENOUGH_WORDS
    return Prepared(
        facts=facts,
        title=title,
        title_en=read_title(facts.title_en, places=places, language="en"),
        abstract_language=detect_language(facts.abstract[:600]) if enough else "",
        words=tuple(words[:READ_WORDS]) if enough else (),
        figures=Counter(_FIGURE.findall(facts.abstract)) if enough else Counter(),
        vocabulary=frozenset(words).union(*(word.split() for word in keywords)),
        shingles=shingles(words) if enough else frozenset(),
        keywords=keywords,
        lead=next((name for name, leads in names if leads), None),
        people=tuple(name for name, _leads in names),
        organizations=frozenset(" ".join(name.split()) for name in facts.organizations) - {""},
        agency=" ".join(_WORD.findall(fold(facts.agency))),
        phase=_phase(facts.phase) or title.series.get("phase", ""),
    )


def shingles(words: Iterable[str], size: int = _SHINGLE) -> frozenset[int]:
    """Runs of neighbouring words. Hashes of one process: they are compared, never kept."""
    words = list(words)
    return frozenset(
        hash(tuple(words[at : at + size])) for at in range(max(1, len(words) - size + 1))
    )


def _phase(text: str) -> str:
    if not text.strip():
        return ""
    return read_title(f"phase {fold(text).replace('phase', '').strip()}").series.get("phase", "")
