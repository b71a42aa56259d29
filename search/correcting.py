"""What somebody may have meant whose words the index does not know.

Nothing is corrected that the index knows. A correction is a guess about words only; whether it
finds more is for the caller to see before offering it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

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
from search.analysis.slips import by_ear, one_slip
from search.engines import Engine
from search.engines.suggestions import MOST_EDITS
from search.parsing import LONGEST_QUERY, parse
from search.queries import Query

_MOST_WORDS: Final = 12
_MOST_UNKNOWN: Final = 3
_SHORTEST: Final = 3
_LONGEST: Final = 24
#: Two slips are looked for in words of so many letters, and for syllables of so many.
_LONG: Final = 5
_SHORTEST_TWICE: Final = 4
_MOST_GUESSES: Final = 32
#: Stems whose words are looked up in documents, and how much of these is read.
_MOST_STEMS: Final = 3
_READ: Final = 3
_READ_OF_EACH: Final = 2_000
_WORD: Final = re.compile(r"[^\W_]+")


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
    doubtful = [w for w in unknown if w not in keyed and _is_worth(w)][:_MOST_UNKNOWN]
    guessed = _likeliest(engine, words, keyed, _guesses(engine, doubtful))
    if has_diacritics(text):
        _put_marks(engine, words, keyed, guessed)
    replaced = keyed | guessed
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


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a word may have been meant to be: one known word, or the two that it was typed of."""

    text: str
    terms: tuple[str, ...]
    worth: int


def _guesses(engine: Engine, words: Sequence[str]) -> dict[str, list[_Guess]]:
    """The known words one slip away; only where there are none, of a long word those two away.

    One question to the index for all words, and one or two for each of which one slip explains nothing.
    """
    bare = {word: fold(word) for word in words}
    near = {word: _one_away(bare[word]) for word in words}
    cuts = {word: _cuts(bare[word]) for word in words}
    asked = {term for terms in near.values() for term in terms.values()}
    asked |= {PAIR.join(cut) for found in cuts.values() for cut in found}
    counts = engine.term_statistics(asked).document_frequency if asked else {}
    found: dict[str, list[_Guess]] = {}
    for word in words:
        heard = set(by_ear(bare[word]))
        guesses = [
            # The first letter is seldom wrong; a word heard for another is likelier than a slip.
            _Guess(
                slip,
                (term,),
                counts[term] * (4 if slip in heard else 2 if slip[0] == bare[word][0] else 1),
            )
            for slip, term in near[word].items()
            if counts.get(term)
        ]
        split = max(cuts[word], key=lambda cut: counts.get(PAIR.join(cut), 0), default=())
        if split and (together := counts.get(PAIR.join(split))):
            guesses.append(_Guess(" ".join(split), split, together))
        guesses = guesses or _two_away(engine, bare[word])
        found[word] = sorted(guesses, key=lambda one: (-one.worth, one.text))[:_MOST_GUESSES]
    return found


def _one_away(bare: str) -> dict[str, str]:
    """Every word one slip away with its term."""
    slips = {slip for slip in {*one_slip(bare), *by_ear(bare)} if len(slip) > 1} - {bare}
    terms = {slip: _term(slip) for slip in slips}
    # "nhuoms" is "nhuom" to the stemmer, and nothing to a reader.
    return {s: term for s, term in terms.items() if term == s or not is_syllable(term)}


def _cuts(bare: str) -> list[tuple[str, str]]:
    """The ways in which it may be two words typed as one."""
    return [
        (bare[:place], bare[place:])
        for place in range(2, len(bare) - 1)
        if is_syllable(bare[:place]) and is_syllable(bare[place:])
    ]


def _two_away(engine: Engine, bare: str) -> list[_Guess]:
    """Known words two slips away from a long one; in a short one two slips leave nothing of it."""
    if len(bare) < _LONG:
        return []
    # A stem may be shorter than the word was typed: "bogass" is three letters away from "bioga".
    near = engine.near_terms(list(dict.fromkeys((_term(bare), bare, bare[:-1]))))
    found = [
        _Guess(term, (term,), count)
        for term, count in near.items()
        if is_syllable(term) and len(term) >= _SHORTEST_TWICE and _is_two_away(bare, term)
    ]
    stems = [term for term in near if not is_syllable(term) and term.isalpha()]
    for term in sorted(stems, key=lambda term: (-near[term], term))[:_MOST_STEMS]:
        written = _written(engine, term, bare)
        if written:
            found.append(_Guess(written, (term,), near[term]))
    return found


def _is_two_away(bare: str, other: str) -> bool:
    return OSA.distance(bare, other, score_cutoff=MOST_EDITS) <= MOST_EDITS


def _written(engine: Engine, term: str, bare: str) -> str:
    """The word of which the index holds the stem, as documents write it and nearest to what was typed."""
    hits = engine.search(Query(term, limit=_READ)).hits
    texts = (f"{hit.title} {hit.text[:_READ_OF_EACH]}" for hit in hits)
    written = Counter(word for text in texts for word in _WORD.findall(fold(text)))
    forms = [word for word in written if _is_two_away(bare, word) and _term(word) == term]
    return min(forms, key=lambda word: (OSA.distance(bare, word), -written[word], word), default="")


def _likeliest(
    engine: Engine,
    words: Sequence[str],
    keyed: Mapping[str, str],
    guesses: Mapping[str, Sequence[_Guess]],
) -> dict[str, str]:
    """For each doubtful word the guess with which the words stand together best, all of them at once.

    Where nothing stands together, the commonest; two words typed as one are rather that.
    """
    if not any(guesses.values()):
        return {}
    steps = [
        guesses.get(word) or [_Guess(word, (_term(keyed.get(word, word)),), 0)] for word in words
    ]
    asked = {
        PAIR.join((left.terms[-1], right.terms[0]))
        for before, after in zip(steps, steps[1:], strict=False)
        if len(before) > 1 or len(after) > 1
        for left in before
        for right in after
    }
    counts = engine.term_statistics(asked).document_frequency if asked else {}

    def together(left: _Guess, right: _Guess) -> int:
        return counts.get(PAIR.join((left.terms[-1], right.terms[0])), 0)

    paths = [((0, len(one.terms), one.worth, one.text), [one]) for one in steps[0]]
    for step in steps[1:]:
        grown = []
        for one in step:
            options = [
                (
                    (
                        value[0] + together(path[-1], one),
                        value[1] + len(one.terms),
                        value[2] + one.worth,
                        f"{value[3]} {one.text}",
                    ),
                    [*path, one],
                )
                for value, path in paths
            ]
            grown.append(max(options, key=lambda option: option[0]))
        paths = grown
    _value, best = max(paths, key=lambda option: option[0])
    return {word: one.text for word, one in zip(words, best, strict=True) if guesses.get(word)}


def _put_marks(
    engine: Engine, words: Sequence[str], keyed: Mapping[str, str], guessed: dict[str, str]
) -> None:
    """Guesses as they are written beside what stands around them, from left to right."""
    for word, bare in guessed.items():
        if " " not in bare:
            around = [guessed.get(one, keyed.get(one, one)) for one in _around(words, word)]
            guessed[word] = _marked(engine, bare, (around[0], around[1]))


def _misheard(engine: Engine, words: Sequence[str], marked: bool) -> dict[str, str]:
    """Words that exist, but not side by side, where the like-sounding one does: "chái cây"."""
    terms = [_term(word) for word in words]
    tries: list[tuple[str, str, str, str]] = []
    for place, (left, right) in enumerate(zip(terms, terms[1:], strict=False)):
        tries += [(words[place], e, f"{left}_{right}", f"{e}_{right}") for e in by_ear(left)]
        tries += [(words[place + 1], e, f"{left}_{right}", f"{left}_{e}") for e in by_ear(right)]
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


def _with(text: str, replaced: dict[str, str]) -> str:
    """The text with its words replaced, its operators and filters as they stand."""
    return _WORD.sub(lambda match: replaced.get(match.group().lower(), match.group()), text)
