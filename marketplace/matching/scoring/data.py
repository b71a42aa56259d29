"""What the scoring takes and gives: plain, frozen, without models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from marketplace.reading.needs import Correction
from marketplace.reading.rates import Running
from marketplace.reading.specifications import Specification
from search.analysis import Language
from search.analysis.words import ReadText, Words, read_text

Fit = Literal["met", "partly", "unmet", "unknown"]
Band = Literal["strong", "good", "weak"]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NeedText:
    text: str
    title: str = ""
    #: The part of the text that says what is wanted, where it is known; figures and exclusions are
    #: read here, since the present situation has figures of its own.
    wanted: str = ""
    language: Language = ""
    specifications: tuple[Specification, ...] = ()
    excluded: tuple[str, ...] = ()  # phrases, besides those the text itself excludes
    #: What the poster says of the reading; it stands over what is read.
    corrections: tuple[Correction, ...] = ()
    fields: tuple[str, ...] = ()
    province: str = ""
    min_trl: int | None = None
    budget_max: int | None = None  # dong
    #: What it asks for, by codes of "need-kinds"; empty where it does not say.
    kinds: tuple[str, ...] = ()
    #: Which of its facts are no wish but a condition ("budget", "province", "readiness"), besides
    #: those that the text itself makes one.
    demanded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CandidateText:
    """Public text only: what others may read is all that may rank here."""

    kind: str
    key: str
    title: str
    text: str
    language: Language = ""
    fields: tuple[str, ...] = ()
    province: str = ""
    trl: int | None = None
    year: int | None = None
    price_min: int | None = None  # dong
    specifications: tuple[Specification, ...] = ()
    organization: str = ""  # its key, to tell one from another
    registered: bool = False  # in the national register, with a number
    ip_numbers: int = 0
    answer_rate: float | None = None  # of its organisation, where known
    #: Kinds of need that it answers; empty: whatever is needed.
    answers: tuple[str, ...] = ()
    #: Still being worked on: nobody can have it yet. `until` is when it is to be done, as YYYY-MM.
    under_way: bool = False
    until: str = ""
    #: Its terms, where the index keeps them.
    words: Words | None = field(default=None, repr=False, compare=False)

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"

    def read(self) -> ReadText:
        """Its words, those of the title first."""
        return read_text(self.title, self.text, self.words)

    def is_asked_by(self, need: NeedText) -> bool:
        """Whether it is something that the need asks for at all."""
        return not self.answers or bool(set(self.answers) & set(need.kinds))


#: So much of a sentence is quoted: what is longer has no sentences, and nobody reads it on a card.
LONGEST_QUOTE: Final = 400
_BEFORE: Final = 60  # characters that lead up to what is highlighted


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of the candidate and the parts of it to highlight."""

    text: str
    spans: tuple[Span, ...] = ()
    place: Literal["title", "text", "specification"] = "text"

    def parts(self) -> list[tuple[str, bool]]:
        """The sentence in pieces, each with whether it is highlighted."""
        pieces: list[tuple[str, bool]] = []
        position = 0
        for start, end in self.spans:
            if start > position:
                pieces.append((self.text[position:start], False))
            pieces.append((self.text[start:end], True))
            position = end
        if position < len(self.text):
            pieces.append((self.text[position:], False))
        return pieces

    def excerpt(self, longest: int = LONGEST_QUOTE) -> "Evidence":
        """The same, or of a text that was never parted into sentences the piece with most to highlight."""
        if len(self.text) <= longest:
            return self
        starts = [start for start, _ in self.spans] or [0]
        begin = max(
            (max(0, start - _BEFORE) for start in starts),
            key=lambda at: sum(e - s for s, e in self.spans if at <= s and e <= at + longest),
        )
        # At whole words.
        if begin:
            begin = self.text.find(" ", begin, begin + _BEFORE) + 1 or begin
        end = begin + longest
        if end < len(self.text):
            end = self.text.rfind(" ", begin, end) if " " in self.text[begin:end] else end
        before, after = "… " if begin else "", " …" if end < len(self.text) else ""
        moved = len(before) - begin
        return Evidence(
            f"{before}{self.text[begin:end]}{after}",
            tuple((s + moved, e + moved) for s, e in self.spans if begin <= s and e <= end),
            self.place,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what fills its sentence; the words come with the reader's language."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class ElementFit:
    """An element of the need: met (drawn solid) or not said by the candidate (dashed)."""

    kind: str  # an ElementKind, or "specification" for a figure the candidate does not give
    text: str
    met: bool
    evidence: Evidence | None = None
    called: str = ""  # the word of it that the candidate uses, where it is another


@dataclass(frozen=True, slots=True)
class SpecificationFit:
    name: str
    required: str
    offered: str  # "" where the candidate does not say
    fit: Fit
    evidence: Evidence | None = None
    beside: str = ""  # where it does not: a figure of something else in the same unit
    running: Running | None = None  # what was assumed to compare rates by different times
    differently: str = ""  # the same figure, said in a way that does not compare without guessing


@dataclass(frozen=True, slots=True)
class Similar:
    """A candidate folded behind a better one: nearly the same text, or one more of the same owner."""

    kind: str
    key: str
    title: str
    because: Literal["text", "organization"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that does not meet a condition of the need, with the condition."""

    candidate: CandidateText
    reason: Reason


@dataclass(frozen=True, slots=True)
class Scored:
    candidate: CandidateText
    score: float
    probability: float
    band: Band
    components: Mapping[str, float]
    reasons: tuple[Reason, ...] = ()
    elements: tuple[ElementFit, ...] = ()
    specifications: tuple[SpecificationFit, ...] = ()
    similar: tuple[Similar, ...] = ()
    #: What the probability was told from.
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatchList:
    """Best first. `abstained` says that nothing is good enough, whatever is listed.

    `possible` is how many of the first may be shown as perhaps related where none is good; `near` how many
    came near where nothing may even be related; `left_out` would have been listed but for a condition;
    `version` is that of the weights.
    """

    scored: tuple[Scored, ...]
    abstained: bool
    left_out: tuple[LeftOut, ...] = ()
    version: str = ""
    possible: int = 0
    near: int = 0
    #: Work that may answer the need once it is done; it never stands before what can be had, and
    #: however good it is the need stays without an answer.
    under_way: tuple[Scored, ...] = ()

    @property
    def good(self) -> tuple[Scored, ...]:
        """What people are shown: the good ones, or the few that may be related where none is."""
        if self.abstained:
            return ()
        good = tuple(item for item in self.scored if item.band != "weak")
        return good or self.scored[: self.possible]

    @property
    def nearest(self) -> tuple[Scored, ...]:
        """Where nothing answers: the few that came nearest, to be shown as what they are."""
        return self.scored[: self.near] if self.abstained else ()

    @property
    def promising(self) -> tuple[Scored, ...]:
        """Work under way that people are shown, behind all that is good."""
        return tuple(item for item in self.under_way if item.band != "weak")
