"""The sentence of a candidate that says most of what the need asks."""

import re
from itertools import pairwise

from marketplace.matching.scoring.candidate import ReadCandidate, ReadSentence
from marketplace.matching.scoring.data import Evidence, Span
from marketplace.matching.scoring.lexical import LexicalQuery
from search.analysis import fold_term
from search.analysis.grammar import FUNCTION_WORDS

_LONG = 30  # terms; longer sentences prove less a term
_TITLE_SHARE = 0.6  # the title is on the card anyway: another sentence is worth more as proof
_KEYWORDS_SHARE = 0.6  # a row of keywords says of what a text is, and nothing of what it found
_KEYWORDS = re.compile(r"(?:[^,;.:!?]{2,40}[,;]\s+){2,}[^,;.:!?]{2,40}")
_MOST_PHRASES = 3


def best_evidence(
    query: LexicalQuery, candidate: ReadCandidate
) -> tuple[Evidence, tuple[str, ...]] | None:
    """The telling sentence with its highlights, and the shared phrases in it as written."""
    best: ReadSentence | None = None
    best_worth = 0.0
    for sentence in candidate.sentences:
        worth = _worth(query, sentence)
        if worth <= best_worth:
            continue
        if sentence.title:
            worth *= _TITLE_SHARE
        elif _KEYWORDS.fullmatch(sentence.text):
            worth *= _KEYWORDS_SHARE
        if worth > best_worth:
            best, best_worth = sentence, worth
    if best is None:
        return None
    marked = _marked(query, best)
    evidence = best.evidence(marked)
    return evidence, _phrases(query, best, evidence)


def _worth(query: LexicalQuery, sentence: ReadSentence) -> float:
    doubtful = sentence.marks.doubtful
    told = sentence.term_set - doubtful if doubtful else sentence.term_set
    here = sum(filter(None, map(query.terms.get, told)))
    if not here and not doubtful and not query.phrases:
        return 0.0
    together = query.together
    met = set(filter(together.__contains__, pairwise(sentence.terms)))
    here += sum(map(together.__getitem__, met))
    return here / max(1.0, len(sentence.terms) / _LONG) ** 0.5


def _marked(query: LexicalQuery, sentence: ReadSentence) -> list[Span]:
    """Informative terms; common ones beside them where the need has the pair too."""
    terms = [term for term, _ in sentence.placed]
    # A syllable that may be several words proves something only beside its neighbour.
    doubtful = sentence.marks.doubtful
    marked = {
        index
        for index, term in enumerate(terms)
        if term in query.informative
        and (
            term not in doubtful
            or any(
                pair in query.pairs and not doubtful.issuperset(pair)
                for pair in pairwise(terms[max(0, index - 1) : index + 2])
            )
        )
    }
    for index, pair in enumerate(pairwise(terms), start=1):
        if pair in query.phrases and not doubtful.issuperset(pair):
            marked |= {index - 1, index}
    for index in range(1, len(terms)):
        if (index - 1 in marked) != (index in marked) and (
            (terms[index - 1], terms[index]) in query.pairs
            and not doubtful.issuperset(terms[index - 1 : index + 1])
            and not FUNCTION_WORDS & {fold_term(terms[index - 1]), fold_term(terms[index])}
        ):
            marked |= {index - 1, index}
    if not marked:
        marked = {index for index, term in enumerate(terms) if term in query.terms}
    return [sentence.placed[index][1] for index in sorted(marked)]


def _phrases(query: LexicalQuery, sentence: ReadSentence, evidence: Evidence) -> tuple[str, ...]:
    weighed: dict[str, float] = {}
    for start, end in evidence.spans:
        terms = [term for term, span in sentence.placed if start <= span[0] < end]
        worth = sum(query.terms.get(term, 0.0) for term in terms)
        worth += sum(query.phrases.get(pair, 0.0) for pair in pairwise(terms))
        weighed.setdefault(sentence.text[start:end].lower(), worth)
    best = sorted(weighed, key=lambda phrase: -weighed[phrase])[:_MOST_PHRASES]
    return tuple(phrase for phrase in weighed if phrase in best)
