"""Likeness of meaning from the vectors of `search.semantic`: the source that `meaning` asks.

Nothing of the model is loaded before the first need is matched. A need typed without diacritics is
left to its words: the model takes it for another language (docs/semantic.md).
"""

import threading
from collections.abc import Callable, Container, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import Any, Final, Protocol

import structlog

from marketplace.accounts.supply import supply_kinds
from marketplace.matching.meaning import Likest
from marketplace.matching.scoring import CandidateText, ReadNeed
from marketplace.matching.scoring.sentences import sentences_of
from marketplace.matching.texts import candidate_text
from search.documents import document_id
from search.queries import Hit
from search.semantic.port import Encoder, SemanticUnavailable, get_encoder

logger = structlog.get_logger(__name__)

#: So many deviations above the mean of its language count as the same meaning.
_SAME: Final = 6.0
#: Sentences of one candidate that are read for the one to show.
_SENTENCES: Final = 8
_LONGEST_SENTENCE: Final = 400


class Near(Protocol):
    """What is asked of vectors, wherever they lie."""

    best: Sequence[tuple[str, float]]
    of: Mapping[str, float]


class Nearest(Protocol):
    def near(
        self, query: bytes, *, limit: int, ids: Sequence[str] = (), kinds: Sequence[str] = ()
    ) -> Near: ...

    def nearest_of(self, queries: Sequence[bytes], ids: Sequence[str]) -> Mapping[str, float]: ...


class Likeness:
    """Asks one encoder and its vectors; remembers what the last need became.

    The model reads in a thread of its own, one text after the other: most of what it does needs no other
    part of the process, so that a need which is `expect`ed is read while its words are looked for.

    Args:
        encoder: makes the need's vector.
        vectors: those of the candidates, as they are now.
        hits: candidates as hits with their texts, by id; without those that may not be shown.
    """

    def __init__(
        self,
        encoder: Encoder,
        vectors: Callable[[], Nearest],
        hits: Callable[[Sequence[str]], Mapping[str, Hit]],
    ) -> None:
        self._encoder, self._vectors, self._hits = encoder, vectors, hits
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="meaning")
        self._asked: tuple[str, Future[bytes] | None] = ("", None)
        self._parts: tuple[Sequence[str], Future[list[bytes]] | None] = ((), None)

    def expect(self, need: ReadNeed, *, by_sentence: bool) -> None:
        if need.folded:
            return
        self._whole(_text_of(need))
        if by_sentence and (sentences := sentences_of(need)):
            self._by_sentence(sentences)

    def propose(
        self, need: ReadNeed, *, kinds: Sequence[str], limit: int, known: Container[str] = ()
    ) -> list[Hit]:
        query = self._query(need)
        if query is None or not limit:
            return []
        best = self._vectors().near(query, limit=limit, kinds=kinds).best
        found = self._hits([id_ for id_, _likeness in best if id_ not in known])
        return [found[id_] for id_, _likeness in best if id_ in found]

    def likeness(self, need: ReadNeed, candidates: Sequence[CandidateText]) -> dict[str, float]:
        query = self._query(need)
        if query is None:
            return {}
        ids = [candidate.id for candidate in candidates]
        return _of_each(ids, self._vectors().near(query, limit=0, ids=ids).of)

    def likeness_by_sentence(
        self, need: ReadNeed, candidates: Sequence[CandidateText]
    ) -> dict[str, float]:
        sentences = () if need.folded else sentences_of(need)
        if not sentences:
            return {}
        queries = self._by_sentence(sentences).result()
        ids = [candidate.id for candidate in candidates]
        return _of_each(ids, self._vectors().nearest_of(queries, ids))

    def likest(self, need: ReadNeed, sentences: Sequence[str]) -> Likest | None:
        query = self._query(need)
        read = [sentence[:_LONGEST_SENTENCE] for sentence in sentences[:_SENTENCES]]
        if query is None or not read:
            return None
        vectors = self._reader.submit(self._encoder.passages, read).result()
        likeness = [_cosine(query, vector) for vector in vectors]
        best = max(range(len(read)), key=likeness.__getitem__)
        return Likest(best, round(likeness[best], 4))

    def _query(self, need: ReadNeed) -> bytes | None:
        return None if need.folded else self._whole(_text_of(need)).result()

    def _whole(self, text: str) -> Future[bytes]:
        asked, read = self._asked
        if read is None or asked != text or _failed(read):
            read = self._reader.submit(self._encoder.query, text)
            self._asked = text, read
        return read

    def _by_sentence(self, sentences: Sequence[str]) -> Future[list[bytes]]:
        asked, read = self._parts
        if read is None or asked != sentences or _failed(read):
            read = self._reader.submit(self._encoder.queries, sentences)
            self._parts = sentences, read
        return read


def _text_of(need: ReadNeed) -> str:
    return f"{need.title}\n{need.text}" if need.title else need.text


def _failed(read: Future[Any]) -> bool:
    return read.done() and read.exception() is not None


def _of_each(ids: Sequence[str], known: Mapping[str, float]) -> dict[str, float]:
    """Deviations as likeness; what was not read yet is neither better nor worse for it."""
    if not known:
        return {}
    middle = sum(known.values()) / len(known)
    return {id_: min(1.0, max(0.0, known.get(id_, middle) / _SAME)) for id_ in ids}


def _cosine(left: bytes, right: bytes) -> float:
    one, other = (memoryview(side).cast("b").tolist() for side in (left, right))
    lengths = sum(value * value for value in one) * sum(value * value for value in other)
    return float(sum(map(int.__mul__, one, other)) / lengths**0.5) if lengths else 0.0


# --- over the data of the exchange -------------------------------------------------------------


class LikenessOfTheExchange:
    """The registered source: made at the first need, silent where the model cannot be had."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Likeness | None = None

    def expect(self, need: ReadNeed, *, by_sentence: bool) -> None:
        with self._lock:
            if found := self._likeness():
                found.expect(need, by_sentence=by_sentence)

    def propose(
        self, need: ReadNeed, *, kinds: Sequence[str], limit: int, known: Container[str] = ()
    ) -> list[Hit]:
        with self._lock:
            found = self._likeness()
            return found.propose(need, kinds=kinds, limit=limit, known=known) if found else []

    def likeness(self, need: ReadNeed, candidates: Sequence[CandidateText]) -> dict[str, float]:
        with self._lock:
            found = self._likeness()
            return found.likeness(need, candidates) if found else {}

    def likeness_by_sentence(
        self, need: ReadNeed, candidates: Sequence[CandidateText]
    ) -> dict[str, float]:
        with self._lock:
            found = self._likeness()
            return found.likeness_by_sentence(need, candidates) if found else {}

    def likest(self, need: ReadNeed, sentences: Sequence[str]) -> Likest | None:
        with self._lock:
            found = self._likeness()
            return found.likest(need, sentences) if found else None

    def _likeness(self) -> Likeness | None:
        encoder = get_encoder()
        if encoder is None:
            return None
        if self._made is None:
            try:
                self._made = Likeness(encoder, vectors_of_rows(encoder), public_hits)
            except (SemanticUnavailable, ImportError) as error:
                logger.warning("no likeness of meaning", reason=str(error))
        return self._made


def vectors_of_rows(encoder: Encoder) -> Callable[[], Nearest]:
    # Needs numpy, which comes with the extra.
    passages: Any = import_module("search.semantic.passages")
    vectors: Callable[[], Nearest] = passages.PassageIndex(encoder).vectors
    return vectors


def public_hits(ids: Sequence[str]) -> dict[str, Hit]:
    """As their rows say now, so that what was withdrawn a moment ago is gone."""
    found: dict[str, Hit] = {}
    for code, kind in supply_kinds().items():
        keys = [id_.partition(":")[2] for id_ in ids if id_.partition(":")[0] == code]
        if not keys:
            continue
        for row in kind.with_related().filter(public_id__in=keys):
            text = candidate_text(code, row)
            id_ = document_id(code, text.key)
            found[id_] = Hit(id_, code, text.key, 0.0, text.title, text.text)
    return found
