"""A large corpus made by combining real ones: titles and halves of texts of records of one language."""

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from search.documents import Document

PROVINCES = 34
FIELDS = ("101", "102", "103", "104", "201", "202", "203", "204", "205", "301", "302", "401", "402")
KINDS = ("result", "offer", "equipment")
#: Shorter texts say too little to be halved.
SHORTEST = 200

Text = tuple[str, str]


def texts(reference: Path) -> dict[str, list[Text]]:
    """Title and text by language: abstracts of funded research, articles of the legal code."""
    english = _read(reference / "corpora/sbir-awards/awards.jsonl.gz", "abstract")
    vietnamese = _read(reference / "corpora/vn-legal-code/corpus.jsonl.gz", "text")
    return {"en": english, "vi": vietnamese}


def _read(path: Path, name: str) -> list[Text]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        return [(r["title"], r[name]) for r in rows if len(r[name] or "") >= SHORTEST]


def documents(reference: Path, count: int, seed: int = 1) -> Iterator[Document]:
    """`count` documents, half of them in each language; the same for the same seed."""
    by_language = texts(reference)
    rng = random.Random(seed)
    for number in range(count):
        language = ("vi", "en")[number % 2]
        pool = by_language[language]
        (title, _), (_, first), (_, second) = (rng.choice(pool) for _ in range(3))
        body = f"{first[: len(first) // 2]}\n{second[len(second) // 2 :]}"[:3000]
        yield Document(
            kind=KINDS[number % 3],
            key=f"{number:08d}",
            title=title[:200],
            text=body,
            language="vi" if language == "vi" else "en",
            facets={
                "field": (rng.choice(FIELDS),),
                "province": (f"{rng.randrange(PROVINCES):02d}",),
            },
            numbers={"year": 1990 + rng.randrange(36), "trl": 1 + rng.randrange(9)},
        )


def short_queries(reference: Path, count: int, seed: int = 2) -> list[str]:
    """Three neighbouring words of a title."""
    found = []
    rng = random.Random(seed)
    by_language = texts(reference)
    while len(found) < count:
        words = rng.choice(by_language[("vi", "en")[len(found) % 2]])[0].split()
        if len(words) >= 3:
            start = rng.randrange(len(words) - 2)
            found.append(" ".join(words[start : start + 3]).strip(".,;:()\"'"))
    return found


def long_queries(reference: Path, count: int, words: int = 80, seed: int = 3) -> list[str]:
    """Eighty neighbouring words of a text."""
    found = []
    rng = random.Random(seed)
    by_language = texts(reference)
    while len(found) < count:
        text = rng.choice(by_language[("vi", "en")[len(found) % 2]])[1].split()
        if len(text) >= words:
            start = rng.randrange(len(text) - words + 1)
            found.append(" ".join(text[start : start + words]))
    return found
