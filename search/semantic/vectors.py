"""All vectors of one encoder in memory, and what is near a given one.

Every vector is looked at: of 200,000 that takes 20 ms of one core, holds exactly, and needs no index
that would have to be kept true. A thread may ask while another one adds.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

_CHUNK: Final = 1024
_GROWTH: Final = 1.5
#: The share of dead rows from which they are cleared away.
_DEAD: Final = 0.25
#: Of fewer texts a mean says little: they are measured with all the others.
_FEWEST: Final = 30
#: Texts of a language that tell what is usual in it, where not all are compared: their mean is off by a
#: fiftieth of a deviation.
_SAMPLE: Final = 2048

Floats: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Entry:
    """One vector: number of its row, id of its document, language of the text."""

    number: int
    id: str
    language: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class Near:
    """Ids with how much likelier than chance they mean the same, in deviations from the mean of all
    texts of their language; the nearest first."""

    best: tuple[tuple[str, float], ...]
    of: Mapping[str, float]


_COLUMNS: Final = ("_codes", "_lengths", "_numbers", "_ids", "_kinds", "_languages", "_alive")


class Vectors:
    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._lock = threading.Lock()
        self._count = 0
        self._codes = np.empty((0, dimensions), np.int8)
        self._lengths = np.empty(0, np.float32)
        self._numbers = np.empty(0, np.int64)
        self._ids = np.empty(0, "S1")
        self._kinds = np.empty(0, np.int16)
        self._languages = np.empty(0, np.int16)
        self._alive = np.empty(0, np.bool_)
        #: Living rows in the order of their ids, and those ids.
        self._order = np.empty(0, np.int64)
        self._ordered = np.empty(0, "S1")
        #: The last query since a change, and the likeness of all rows to it.
        self._asked: bytes | None = None
        self._last: Floats = np.empty(0, np.float32)
        #: A sample of each language, and of all together, since a change.
        self._samples: dict[int | None, Floats] = {}
        #: Kinds and languages, by their number.
        self._names: list[str] = []

    def __len__(self) -> int:
        return int(self._alive[: self._count].sum())

    @property
    def newest(self) -> int:
        """The highest number there is."""
        return int(self._numbers[: self._count].max(initial=0))

    def reserve(self, count: int) -> None:
        """Room for so many, so that it need not be made, and all be copied, step by step."""
        with self._lock:
            self._make_room(count)

    def add(self, entries: Sequence[Entry]) -> None:
        """Adds them; of two of one id the later one stays."""
        if not entries:
            return
        with self._lock:
            self._changed()
            codes = np.frombuffer(b"".join(entry.vector for entry in entries), np.int8)
            start, stop = self._count, self._count + len(entries)
            self._make_room(stop)
            self._codes[start:stop] = codes.reshape(-1, self._dimensions)
            for place in range(start, stop, _CHUNK):
                # In blocks: as floats they take four times the room.
                wide = self._codes[place : min(place + _CHUNK, stop)].astype(np.float32)
                lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
                self._lengths[place : place + len(wide)] = np.maximum(lengths, 1e-6)
            self._numbers[start:stop] = [entry.number for entry in entries]
            latest = {entry.id.encode(): start + place for place, entry in enumerate(entries)}
            ids = np.array([entry.id.encode() for entry in entries])
            self._alive[[place for place in self._places(ids) if place >= 0]] = False
            self._ids = self._ids.astype(max(self._ids.dtype, ids.dtype), copy=False)
            self._ids[start:stop] = ids
            self._kinds[start:stop] = [self._name(_kind(entry.id)) for entry in entries]
            self._languages[start:stop] = [self._name(entry.language) for entry in entries]
            self._alive[list(latest.values())] = True
            self._count = stop
            self._put_in_order()

    def keep(self, numbers: Iterable[int]) -> None:
        """Drops all others."""
        with self._lock:
            self._changed()
            kept = np.fromiter(numbers, np.int64)
            self._alive[: self._count] &= np.isin(self._numbers[: self._count], kept)
            if self._alive[: self._count].sum() < (1 - _DEAD) * self._count:
                self._clear()

    def near(
        self, query: bytes, *, limit: int, ids: Sequence[str] = (), kinds: Sequence[str] = ()
    ) -> Near:
        """The likest of these kinds (all where none is given), and how like the ones of `ids` are."""
        with self._lock:
            if not self._count:
                return Near((), {})
            likeness = self._likeness(query)
            alive = self._alive[: self._count]
            places = self._places(np.array([id_.encode() for id_ in ids], "S"))
            of = {
                id_: float(likeness[place])
                for id_, place in zip(ids, places, strict=True)
                if place >= 0
            }
            if not limit:
                return Near((), of)
            chosen = np.flatnonzero(alive & self._of_kinds(kinds))
            if limit < len(chosen):
                chosen = chosen[np.argpartition(likeness[chosen], -limit)[-limit:]]
            chosen = chosen[np.argsort(-likeness[chosen], kind="stable")]
            best = tuple((self._ids[place].decode(), float(likeness[place])) for place in chosen)
            return Near(best[:limit], of)

    def nearest_of(self, queries: Sequence[bytes], ids: Sequence[str]) -> dict[str, float]:
        """How like these are to the query that is nearest to each, against how like texts of their
        language usually are to the one nearest to them; what is not there is missing.

        Nothing but a sample is compared beside them, so that several queries cost no more than one.
        """
        with self._lock:
            places = self._places(np.array([id_.encode() for id_ in ids], "S"))
            known = places >= 0
            if not queries or not known.any():
                return {}
            asked = _unit(np.frombuffer(b"".join(queries), np.int8).reshape(len(queries), -1))
            rows = places[known]
            found = (_unit(self._codes[rows]) @ asked.T).max(axis=1)
            for language in np.unique(self._languages[rows]):
                same = self._languages[rows] == language
                usual = (self._sample_of(int(language)) @ asked.T).max(axis=1)
                found[same] = _standard(found[same], usual)
            named = (id_ for id_, is_known in zip(ids, known, strict=True) if is_known)
            return dict(zip(named, found.tolist(), strict=True))

    # --- inside; the lock is held -------------------------------------------------------------

    def _changed(self) -> None:
        self._asked = None
        self._samples.clear()

    def _sample_of(self, language: int | None) -> Floats:
        """Directions of texts of the language; of all where it has too few."""
        if language not in self._samples:
            chosen = self._alive[: self._count]
            if language is not None:
                chosen = chosen & (self._languages[: self._count] == language)
            rows = np.flatnonzero(chosen)
            if language is not None and len(rows) < _FEWEST:
                return self._sample_of(None)
            evenly = np.linspace(0, len(rows) - 1, min(len(rows), _SAMPLE)).astype(np.int64)
            self._samples[language] = _unit(self._codes[rows[evenly]])
        return self._samples[language]

    def _likeness(self, query: bytes) -> Floats:
        """Of all rows. A need is asked about twice: for what is near, and for its other candidates."""
        if self._asked != query:
            self._last, self._asked = self._normal(self._cosines(query)), query
        return self._last

    def _cosines(self, query: bytes) -> Floats:
        asked = np.frombuffer(query, np.int8).astype(np.float32)
        asked /= max(float(np.linalg.norm(asked)), 1e-6)
        found = np.empty(self._count, np.float32)
        wide = np.empty((_CHUNK, self._dimensions), np.float32)
        for start in range(0, self._count, _CHUNK):
            codes = self._codes[start : min(start + _CHUNK, self._count)]
            np.copyto(wide[: len(codes)], codes)
            np.dot(wide[: len(codes)], asked, out=found[start : start + len(codes)])
        found /= self._lengths[: self._count]
        return found

    def _normal(self, cosines: Floats) -> Floats:
        """Mean 0 and deviation 1 within each language: the model likes texts of the query's own so much
        that answers in another would drown."""
        alive, languages = self._alive[: self._count], self._languages[: self._count]
        found = _standard(cosines, cosines[alive])
        for language in np.unique(languages):
            same = languages == language
            sample = cosines[alive & same]
            if len(sample) >= _FEWEST:
                found[same] = _standard(cosines[same], sample)
        return found

    def _of_kinds(self, kinds: Sequence[str]) -> NDArray[np.bool_]:
        if not kinds:
            return np.ones(self._count, np.bool_)
        return np.isin(self._kinds[: self._count], [self._name(kind) for kind in kinds])

    def _places(self, ids: NDArray[np.bytes_]) -> NDArray[np.int64]:
        """Where these stand; -1 for what is not there."""
        if not len(self._ordered) or not len(ids):
            return np.full(len(ids), -1, np.int64)
        at = np.minimum(np.searchsorted(self._ordered, ids), len(self._ordered) - 1)
        return np.where(self._ordered[at] == ids, self._order[at], -1)

    def _put_in_order(self) -> None:
        alive = np.flatnonzero(self._alive[: self._count])
        self._order = alive[np.argsort(self._ids[alive], kind="stable")]
        self._ordered = self._ids[self._order]

    def _name(self, name: str) -> int:
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def _make_room(self, size: int) -> None:
        if size <= len(self._codes):
            return
        room = max(size, int(len(self._codes) * _GROWTH), _CHUNK)
        for name in _COLUMNS:
            old = getattr(self, name)
            new = np.zeros((room, *old.shape[1:]), old.dtype)
            new[: self._count] = old[: self._count]
            setattr(self, name, new)

    def _clear(self) -> None:
        alive = np.flatnonzero(self._alive[: self._count])
        for name in _COLUMNS:
            setattr(self, name, getattr(self, name)[: self._count][alive])
        self._count = len(alive)
        self._put_in_order()


def _kind(id_: str) -> str:
    return id_.partition(":")[0]


def _unit(codes: NDArray[np.int8]) -> Floats:
    """Directions of length one."""
    wide = codes.astype(np.float32)
    found: Floats = wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-6)
    return found


def _standard(values: Floats, sample: Floats) -> Floats:
    if not len(sample):
        return np.zeros_like(values)
    found: Floats = (values - sample.mean()) / max(float(sample.std()), 1e-6)
    return found
