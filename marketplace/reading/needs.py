"""A need read into parts that its poster can correct: elements, constraints, what it excludes.

What is shown as a chip is what matching uses: both come from here, with the corrections applied.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marketplace.reading.complaints import Complaint, find_complaints
from marketplace.reading.constraints import ConstraintKind, read_constraints
from marketplace.reading.elements import (
    Element,
    ElementKind,
    Gazetteer,
    read_elements,
)
from marketplace.reading.folding import fold_in_place
from marketplace.reading.negation import Exclusion, read_negations
from marketplace.reading.quantities import Quantity, read_quantities
from marketplace.reading.vocabulary import known_gazetteer

EXCLUDED = "excluded"
ELEMENT_KINDS: tuple[str, ...] = tuple(
    kind.value for kind in ElementKind if kind is not ElementKind.NONE
)
CONSTRAINT_KINDS: tuple[str, ...] = tuple(kind.value for kind in ConstraintKind)
PART_KINDS: tuple[str, ...] = (*ELEMENT_KINDS, *CONSTRAINT_KINDS, EXCLUDED)
MOST_CORRECTIONS = 40
LONGEST_PART = 120
_FAR = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One chip. `added` says that the poster put it there or moved it to this kind."""

    kind: str
    text: str
    spellings: tuple[str, ...] = ()
    quantity: Quantity | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What the poster says of one part: taken away (`kind` empty), moved to another kind, or, where
    nothing was read (`was` empty), added."""

    text: str
    kind: str
    was: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.was, part_key(self.text)


def part_key(text: str) -> str:
    """Two parts with the same key are one, however they are written."""
    return " ".join(fold_in_place(text).split())


def load_corrections(stored: Iterable[Mapping[str, Any]]) -> tuple[Correction, ...]:
    """Corrections as a draft keeps them; what is not one is left out."""
    found = []
    for row in stored:
        text, kind, was = (str(row.get(name, "")) for name in ("text", "kind", "was"))
        known = kind in PART_KINDS or (kind == "" and was != "")
        if text.strip() and known and (was == "" or was in PART_KINDS):
            found.append(Correction(" ".join(text.split())[:LONGEST_PART], kind, was))
    return tuple(found[:MOST_CORRECTIONS])


def with_correction(corrections: Sequence[Correction], new: Correction) -> tuple[Correction, ...]:
    """The newest word on a part stands. To take away what was added, or to move back what was moved,
    leaves no trace."""
    kept = []
    for old in corrections:
        if part_key(old.text) == part_key(new.text) and old.kind == new.was and new.was:
            # It speaks of the part as an earlier correction left it.
            new = replace(new, was=old.was)
            continue
        if old.key != new.key:
            kept.append(old)
    if new.was == new.kind:
        return tuple(kept)
    return (*kept, new)[-MOST_CORRECTIONS:]


def elements_of_need(
    text: str,
    language: str = "",
    *,
    gazetteer: Gazetteer | None = None,
    exclusions: Sequence[Exclusion] = (),
    corrections: Sequence[Correction] = (),
    marked: str = "",
    doubtful: Collection[str] = (),
) -> tuple[Element, ...]:
    """What the need asks for: its elements without those it excludes, as its poster corrected them.

    `marked` is the text with the marks that are beyond doubt, where it was typed without, and `doubtful` the
    syllables that stay in doubt: a phrase of nothing else ("may nam", some years or a machine) is no element.
    """
    known = gazetteer or known_gazetteer()
    complaints = find_complaints(text)

    def is_left_out(element: Element) -> bool:
        return any(_takes(one, element) for one in exclusions)

    read = _telling(
        element
        for element in read_elements(text, language, known, marked=marked, is_left_out=is_left_out)
        if not is_left_out(element)
        and not any(_laments(one, element) for one in complaints)
        and not (doubtful and _is_in_doubt(element, doubtful))
    )
    return _corrected(read, corrections, known, len(text))


def _is_in_doubt(element: Element, doubtful: Collection[str]) -> bool:
    return all(word in doubtful for word in part_key(element.text).split())


_SAID_BY_OTHERS = (ElementKind.EFFICACY, ElementKind.PRODUCT, ElementKind.METHOD)


def _takes(exclusion: Exclusion, element: Element) -> bool:
    """Is the element what is excluded? "Gạch không nung" is the name of a brick."""
    if element.spellings and element.start <= exclusion.cue_start and exclusion.end <= element.end:
        return False
    return exclusion.start < element.end and element.start < exclusion.end


def _laments(complaint: Complaint, element: Element) -> bool:
    """Is the element a word of complaint, or told by its place in one?"""
    if not (complaint.start <= element.start and element.end <= complaint.end):
        return False
    if element.start < complaint.cue_end and complaint.cue_start < element.end:
        return True
    if element.spellings and element.kind is not ElementKind.APPLICATION:
        return False
    # "Nhà máy dệt bị phạt" is a mill; "nợ ngân hàng" is no bank to work for.
    return element.start >= complaint.cue_end or not element.spellings


def _telling(found: Iterable[Element]) -> tuple[Element, ...]:
    """Without phrases that another one repeats whole: "máy tách vỏ" beside "máy tách vỏ hạt điều"."""
    elements = list(found)
    written = [f" {fold_in_place(element.text)} " for element in elements]
    kinds = [element.kind for element in elements]
    return tuple(
        element
        for place, element in enumerate(elements)
        if element.spellings
        or not any(
            written[place] in other and (len(other) > len(written[place]) or at < place)
            for at, other in enumerate(written)
            if at != place
            and not elements[at].spellings
            # What is worked on is an element besides what is done to it ("bạc", "thu hồi bạc").
            and kinds[place] in (kinds[at], *_SAID_BY_OTHERS)
        )
    )


def _corrected(
    read: Sequence[Element],
    corrections: Sequence[Correction],
    gazetteer: Gazetteer,
    end: int,
) -> tuple[Element, ...]:
    if not corrections:
        return tuple(read)
    by_key = {one.key: one for one in corrections if one.was}
    kept: list[Element] = []
    for element in read:
        moved = by_key.get((element.kind.value, part_key(element.text)))
        if moved is None:
            kept.append(element)
        elif moved.kind in ELEMENT_KINDS:
            kept.append(replace(element, kind=ElementKind(moved.kind)))
    for place, one in enumerate(corrections):
        comes_from_elements = one.was in ELEMENT_KINDS
        if one.kind not in ELEMENT_KINDS or comes_from_elements:
            continue
        if any(part_key(element.text) == part_key(one.text) for element in kept):
            continue
        # Apart from the text and from each other: no added element is a part of another.
        start = end + (place + 1) * _FAR
        kept.append(
            Element(
                ElementKind(one.kind),
                one.text,
                start,
                start + len(one.text),
                spellings_of(one.text, gazetteer),
            )
        )
    return tuple(kept)


def spellings_of(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Other spellings of a phrase that is an entry of the vocabulary as a whole."""
    for entry, start, stop in gazetteer.find(text):
        if start == 0 and stop == len(text):
            return entry.spellings
    return ()


def excluded_phrases(
    read: Iterable[str], corrections: Sequence[Correction] = ()
) -> tuple[str, ...]:
    """What is excluded, each once, as corrected."""
    gone = {part_key(one.text) for one in corrections if one.was == EXCLUDED}
    added = [one.text for one in corrections if one.kind == EXCLUDED]
    found: dict[str, str] = {}
    for phrase in (*(p for p in read if part_key(p) not in gone), *added):
        found.setdefault(phrase.lower().strip(), phrase.strip())
    return tuple(phrase for key, phrase in found.items() if key)


def dropped_figures(corrections: Sequence[Correction]) -> frozenset[str]:
    """Keys of the figures that the poster took away or said to be something else."""
    return frozenset(
        part_key(one.text)
        for one in corrections
        if one.was in CONSTRAINT_KINDS and one.kind not in CONSTRAINT_KINDS
    )


def read_parts(
    text: str,
    language: str = "",
    *,
    gazetteer: Gazetteer | None = None,
    places: Collection[str] = (),
    corrections: Sequence[Correction] = (),
    marked: str = "",
    doubtful: Collection[str] = (),
) -> tuple[Part, ...]:
    """Everything read, by kind in the order of `PART_KINDS`, with the corrections applied."""
    exclusions = [one for one in read_negations(text) if one.forbids]
    elements = elements_of_need(
        text,
        language,
        gazetteer=gazetteer,
        exclusions=exclusions,
        corrections=corrections,
        marked=marked,
        doubtful=doubtful,
    )
    constraints = read_constraints(text, read_quantities(text, language), places)
    added = {(one.kind, part_key(one.text)) for one in corrections if one.kind}
    parts = [
        Part(e.kind.value, e.text, e.spellings, added=(e.kind.value, part_key(e.text)) in added)
        for e in elements
    ]
    parts += _corrected_constraints(
        [Part(one.kind.value, one.text, quantity=one.quantity) for one in constraints], corrections
    )
    parts += [
        Part(EXCLUDED, phrase, added=(EXCLUDED, part_key(phrase)) in added)
        for phrase in excluded_phrases(
            (one.phrase for one in exclusions if not _inside_a_name(one, elements)), corrections
        )
    ]
    order = {kind: place for place, kind in enumerate(PART_KINDS)}
    return tuple(sorted(parts, key=lambda part: order[part.kind]))


def _inside_a_name(exclusion: Exclusion, elements: Iterable[Element]) -> bool:
    return any(
        element.start <= exclusion.cue_start and exclusion.end <= element.end
        for element in elements
        if element.spellings
    )


def _corrected_constraints(read: Sequence[Part], corrections: Sequence[Correction]) -> list[Part]:
    by_key = {one.key: one for one in corrections if one.was}
    kept: list[Part] = []
    for part in read:
        moved = by_key.get((part.kind, part_key(part.text)))
        if moved is None:
            kept.append(part)
        elif moved.kind in CONSTRAINT_KINDS:
            kept.append(replace(part, kind=moved.kind, added=True))
    kept += [
        Part(one.kind, one.text, added=True)
        for one in corrections
        if one.kind in CONSTRAINT_KINDS and one.was not in CONSTRAINT_KINDS
    ]
    return kept
