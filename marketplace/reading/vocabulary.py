"""Materials and objects out of the bilingual vocabulary, beside the elements that are named by hand.

A line of the vocabulary says no kind. What is a thing is told by the field that it is of and by the last
word of its English form, which names what it is: "enzymatic treatment" is something done, "spray dryer" a
machine, "rice bran" a thing. What is left out is found by the cues of the text, as before.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from marketplace.reading.elements import (
    ElementKind,
    Entry,
    Gazetteer,
    shipped_gazetteer,
)
from marketplace.reading.folding import fold_in_place
from search.analysis import is_syllable
from search.analysis.lists import ListInUse, Version
from search.analysis.translations import BilingualEntry, Entries

#: Fields whose terms are first of all substances, materials, crops and animals: chemistry, chemical,
#: materials and industrial biotechnology, crops, livestock, forestry, fisheries (Circular 24/2025/TT-BKHCN).
_SECTORS: Final = frozenset({"104", "204", "205", "209", "401", "402", "404", "405"})
#: Of mechanical engineering parts alone are things, told by the last word of their English form; machines are read
#: by cues. A part whose English is a word of other things too ("spring", "nut", "belt") needs a phrase.
_MECHANICAL: Final = "203"
_PART: Final = re.compile(
    r"(?<![a-z])(bearing|bushing|gear|gearbox|shaft|crankshaft|camshaft|spindle|coupling|clutch|brake|pulley|belt|chain|"
    r"spring|bolt|nut|screw|washer|piston|cylinder|seal|gasket|roller|propeller|mold|mould|die|bit|electrode|hull|reducer|"
    r"pad|lining|plug|absorber|rim|block|workpiece)s?$"
)
_PART_BY_ITSELF: Final = 6
#: Last words of what is no thing: processes, properties, sciences, organisations, …
_DONE: Final = re.compile(
    r"(ing|tion|sion|ment|ity|ness|logy|graphy|metry|sis|ics|ism|ance|ence|ture|ure|cy|ship|cycle|method|process|"
    r"technique|test|rate|ratio|index|model|system|theory|effect|field|energy|property|disease|law|policy|cost|price|"
    r"market|time|period|level|size|degree|resistance|strength|pressure|temperature|speed|power|velocity|force|stress|"
    r"yield|service|network|data|management|analysis|design|engineering|equation|function|number|value|line|point|"
    r"group|area|zone|region|centre|center|school|hospital|factory|plant|farm|shop)$"
)
# … machines, which cues read better, …
_MADE: Final = re.compile(
    r"(machine|device|equipment|dryer|sensor|pump|motor|engine|robot|tool|instrument|apparatus|software|kit|reactor|"
    r"furnace|oven|boiler|mill|crusher|filter|valve|vehicle|truck|meter|camera|conveyor|separator|mixer|press|cutter|"
    r"sprayer|catalyst|substrate|biodiesel|membrane|coating|packaging|film|vaccine|drug|feed)s?$"
)
# … also by the word that names them in Vietnamese ("máy dệt", a loom), places ("trại giống", a hatchery), diseases …
_NAMED_BY: Final = (
    "máy ", "thiết bị ", "hệ thống ", "nhà máy ", "trại ", "xưởng ", "bệnh ", "hội chứng ",
)  # fmt: skip
# … and what is too general to tell one need from another.
_GENERAL: Final = re.compile(
    r"(?<![a-z])(water|oil|air|gas|animal|crop|seed|seedling|variety|breed|tree|food|product|element|atom|solution|"
    r"compound|ion|particle|cell|bacteria|bacterium|virus|fungus|host|colou?r|bud|root|leaf|flower|herd|chain|bond|"
    r"strain|veterinary)s?$"
)
_SHORTEST: Final = 4


def things(entries: Iterable[BilingualEntry]) -> Iterator[Entry]:
    """The lines that name a material or an object.

    A single syllable is no entry: without its marks it is several words, and with them often too ("đồng" is
    copper, a field and money).
    """
    for entry in entries:
        if not entry.english or not _is_thing(entry):
            continue
        vietnamese = tuple(form for form in entry.vietnamese if _names(form, entry))
        shortest = _PART_BY_ITSELF if entry.sector == _MECHANICAL else _SHORTEST
        english = tuple(form for form in entry.english if " " in form or len(form) >= shortest)
        if vietnamese and english:
            yield Entry(ElementKind.MATERIAL, vietnamese, english)


def _is_thing(entry: BilingualEntry) -> bool:
    head = entry.english[0].lower()
    if entry.vietnamese[0].lower().startswith(_NAMED_BY):
        return False
    if entry.sector == _MECHANICAL:
        return _PART.search(head) is not None
    if entry.sector not in _SECTORS:
        return False
    return not (_DONE.search(head) or _MADE.search(head) or _GENERAL.search(head))


def _names(form: str, entry: BilingualEntry) -> bool:
    """More than a syllable; and a part of a machine that is called a set of something ("bộ côn") is without its
    marks the end of a verb ("loai bo con")."""
    if entry.sector == _MECHANICAL and form.lower().startswith("bộ "):
        return False
    return " " in form or not is_syllable(fold_in_place(form))


def _nothing() -> tuple[BilingualEntry, ...]:
    return ()


def _gazetteer(entries: Iterable[BilingualEntry]) -> Gazetteer:
    """Of two spellings that are the same the one named by hand stands."""
    return Gazetteer([*shipped_gazetteer().entries, *things(entries)])


_book: Final = ListInUse[BilingualEntry, Gazetteer]("elements", _gazetteer, _nothing)
#: Texts inside the block are read with these lines alone.
trying = _book.trying


def set_provider(
    entries: Entries | None, *, version: Version | None = None, shipped: Entries = _nothing
) -> None:
    """The application's vocabulary; as `search.analysis.translations.set_provider`."""
    _book.set_provider(entries, version=version, shipped=shipped)


def forget_vocabulary() -> None:
    """What a process knows of the vocabulary; the next text asks for it."""
    _book.forget()


def known_gazetteer() -> Gazetteer:
    """The elements named by hand and the things of the vocabulary in use."""
    return _book.current()
