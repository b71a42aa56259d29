"""What somebody may have meant whose words the index does not know.

Nothing is corrected that the index knows. A correction is a guess about words only; whether it
finds more is for the caller to see before offering it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.analysis import (
    PAIR,
    exact_terms,
    fold,
    fold_terms,
    has_diacritics,
    is_syllable,
    normalize,
    typed_codes,
)
from search.analysis.keystrokes import typed_word
from search.analysis.restoring import spellings
from search.engines import Engine
from search.parsing import LONGEST_QUERY, parse

_MOST_WORDS: Final = 12
_MOST_UNKNOWN: Final = 3
_SHORTEST: Final = 3
_LONGEST: Final = 24
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_WORD: Final = re.compile(r"[^\W_]+")

#: Sounds that are written one for the other, by region and by ear (folded).
_CONFUSED: Final = (
    ("ch", "tr"), ("s", "x"), ("d", "gi"), ("d", "r"), ("gi", "r"), ("l", "n"), ("v", "d"),
    ("c", "k"), ("k", "q"), ("ng", "ngh"), ("g", "gh"), ("f", "ph"), ("z", "d"), ("w", "qu"),
    ("j", "gi"), ("i", "y"), ("n", "ng"), ("t", "c"), ("nh", "n"), ("x", "s"), ("ko", "khong"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """``is_certain`` where the keys say it: Telex and VNI are read, everything else is asked."""

    text: str
    is_certain: bool


def correction(text: str, *, engine: Engine) -> Correction | None:
    """The query with the words put right that the index does not know, or None.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    text = normalize(text)
    words = _checked(text)
    if not words:
        return None
    known = _known(engine, words)
    unknown = [word for word in words if not known[word]]
    if not unknown:
        heard = _misheard(engine, words, has_diacritics(text))
        return Correction(_with(text, heard), is_certain=False) if heard else None
    keyed = _keyed(engine, words, unknown)
    replaced: dict[str, str] = dict(keyed)
    guessed = False
    for word in [word for word in unknown if word not in replaced][:_MOST_UNKNOWN]:
        better = _nearest(engine, word, words, has_diacritics(text)) if _is_worth(word) else ""
        if better:
            replaced[word], guessed = better, True
    if not replaced:
        return None
    return Correction(_with(text, replaced), is_certain=not guessed)


def _checked(text: str) -> list[str]:
    """The words that were asked for, each once; not codes, not long texts, not filters."""
    if len(text) > LONGEST_QUERY:
        return []
    asked = parse(text).words
    if not asked or typed_codes(asked):
        # Digits may be VNI's keys; a code has more of them.
        asked = " ".join(word for word in asked.split() if not typed_codes(word))
    found = list(dict.fromkeys(match.group().lower() for match in _WORD.finditer(asked)))
    return found if 0 < len(found) <= _MOST_WORDS else []


def _term(word: str) -> str:
    return "".join(fold_terms(exact_terms(word, "vi"))[:1])


def _known(engine: Engine, words: Iterable[str]) -> dict[str, int]:
    """Word → documents that hold it, with or without its marks."""
    terms = {word: _term(word) for word in words}
    counts = engine.term_statistics({t for t in terms.values() if t}).document_frequency
    return {word: counts.get(term, 0) if term else 0 for word, term in terms.items()}


def _keyed(engine: Engine, words: Sequence[str], unknown: Sequence[str]) -> dict[str, str]:
    """Words typed with the keys of Telex or VNI; one that is certain makes the others likely."""
    readings = {word: reading for word in words if (reading := typed_word(word))}
    if not any(word in readings for word in unknown):
        return {}
    exact = engine.term_statistics(set(readings.values())).document_frequency
    found = {word: reading for word, reading in readings.items() if exact.get(reading)}
    if not any(word in found for word in unknown):
        return {}
    # "may" and "sas" are words as they stand; "mays" beside "saays" is not the English month.
    return {word: reading for word, reading in found.items() if not is_syllable(word)}


def _is_worth(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST and word.isalpha()


def _nearest(engine: Engine, word: str, words: Sequence[str], marked: bool) -> str:
    """The known word one slip away that stands best beside its neighbours, else the commonest."""
    bare = fold(word)
    likely = set(_by_ear(bare))
    slips = {slip for slip in {*_one_slip(bare), *likely} if len(slip) > 1} - {bare}
    terms: dict[str, str] = {slip: _term(slip) for slip in slips}
    counts = engine.term_statistics(set(terms.values())).document_frequency
    held = {
        slip: counts[term]
        for slip, term in terms.items()
        # "nhuoms" is "nhuom" to the stemmer, and nothing to a reader.
        if counts.get(term) and not (is_syllable(term) and term != slip)
    }
    split = _split(engine, bare)
    if not held:
        return split
    around = _around(words, word)
    before, after = (_term(neighbour) for neighbour in around)
    beside = {
        slip: [
            PAIR.join(pair) for pair in ((before, terms[slip]), (terms[slip], after)) if all(pair)
        ]
        for slip in held
    }
    together = engine.term_statistics({p for ps in beside.values() for p in ps}).document_frequency

    def worth(slip: str) -> tuple[int, int, str]:
        # The first letter is seldom wrong; a word heard for another is likelier than a slip.
        likelihood = 4 if slip in likely else 2 if slip[0] == bare[0] else 1
        return sum(together.get(pair, 0) for pair in beside[slip]), held[slip] * likelihood, slip

    best = max(held, key=worth)
    if split and not worth(best)[0]:
        return split
    return _marked(engine, best, around) if marked else best


def _split(engine: Engine, bare: str) -> str:
    """Two words typed as one, if they stand together anywhere."""
    cuts = [
        (bare[:place], bare[place:])
        for place in range(2, len(bare) - 1)
        if is_syllable(bare[:place]) and is_syllable(bare[place:])
    ]
    if not cuts:
        return ""
    counts = engine.term_statistics({PAIR.join(cut) for cut in cuts}).document_frequency
    best = max(cuts, key=lambda cut: counts.get(PAIR.join(cut), 0))
    return " ".join(best) if counts.get(PAIR.join(best)) else ""


def _misheard(engine: Engine, words: Sequence[str], marked: bool) -> dict[str, str]:
    """Words that exist, but not side by side, where the like-sounding one does: "chái cây"."""
    terms = [_term(word) for word in words]
    tries: list[tuple[str, str, str, str]] = []
    for place, (left, right) in enumerate(zip(terms, terms[1:], strict=False)):
        tries += [(words[place], e, f"{left}_{right}", f"{e}_{right}") for e in _by_ear(left)]
        tries += [(words[place + 1], e, f"{left}_{right}", f"{left}_{e}") for e in _by_ear(right)]
    asked = {pair for _word, _ear, typed, meant in tries for pair in (typed, meant)}
    counts = engine.term_statistics(asked).document_frequency
    found = [
        (counts[meant], word, ear)
        for word, ear, typed, meant in tries
        if counts.get(meant) and not counts.get(typed)
    ]
    if not found:
        return {}
    _count, word, ear = max(found)
    return {word: _marked(engine, ear, _around(words, word)) if marked else ear}


def _around(words: Sequence[str], word: str) -> tuple[str, str]:
    """The words before and behind it, "" at an end."""
    place = words.index(word)
    return (words[place - 1] if place else "", "".join(words[place + 1 : place + 2]))


def _marked(engine: Engine, bare: str, around: tuple[str, str]) -> str:
    """The spelling with marks that stands beside its neighbours, else the commonest."""
    forms = [form for form in spellings(bare) if not form.isascii()]
    before, after = around
    beside = {
        form: [PAIR.join(pair) for pair in ((before, form), (form, after)) if all(pair)]
        for form in forms
    }
    asked = {*forms, *(pair for found in beside.values() for pair in found)}
    counts = engine.term_statistics(asked).document_frequency
    worth = {
        form: (sum(counts.get(pair, 0) for pair in beside[form]), counts.get(form, 0))
        for form in forms
    }
    best = max(forms, key=lambda form: worth[form], default=bare)
    return best if any(worth.get(best, ())) else bare


def _one_slip(word: str) -> Iterator[str]:
    """Every word one letter away: left out, doubled, swapped with its neighbour, mistyped."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _by_ear(word: str) -> Iterator[str]:
    for left, right in _CONFUSED:
        for wrong, meant in ((left, right), (right, left)):
            if word.startswith(wrong):
                yield meant + word[len(wrong) :]
            if word.endswith(wrong):
                yield word[: -len(wrong)] + meant


def _with(text: str, replaced: dict[str, str]) -> str:
    """The text with its words replaced, its operators and filters as they stand."""
    return _WORD.sub(lambda match: replaced.get(match.group().lower(), match.group()), text)
