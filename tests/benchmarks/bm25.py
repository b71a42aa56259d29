"""Plain BM25 as the baseline of the demo's own judged set: nothing of the product in it.

Syllables and pairs of neighbours, k1 1.2, b 0.75, as in the column of the reference data.
"""

import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from statistics import fmean

_WORD = re.compile(r"\w+")
_K1, _B, _CUT = 1.2, 0.75, 10


def ndcg(folder: Path, *, strip_diacritics: bool = False) -> float:
    documents = {
        row["_id"]: _terms(f"{row.get('title', '')} {row['text']}")
        for row in _rows(folder / "corpus.jsonl")
    }
    queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")[:3]
        grades[query][document] = int(grade)
    ranked = _Ranking(documents)
    values = []
    for query, judged in grades.items():
        if query not in queries or not any(grade > 0 for grade in judged.values()):
            continue
        text = _plain(queries[query]) if strip_diacritics else queries[query]
        found = [judged.get(key, 0) for key in ranked.best(_terms(text))]
        values.append(_gain(found) / _gain(sorted(judged.values(), reverse=True)[:_CUT]))
    return fmean(values)


class _Ranking:
    def __init__(self, documents: dict[str, list[str]]) -> None:
        self.lengths = {key: len(terms) for key, terms in documents.items()}
        self.average = fmean(self.lengths.values())
        self.postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for key, terms in documents.items():
            for term, times in Counter(terms).items():
                self.postings[term].append((key, times))

    def best(self, query: list[str]) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for term in query:
            postings = self.postings.get(term, [])
            held = len(postings)
            rarity = math.log(1 + (len(self.lengths) - held + 0.5) / (held + 0.5))
            for key, times in postings:
                norm = _K1 * (1 - _B + _B * self.lengths[key] / self.average)
                scores[key] += rarity * times * (_K1 + 1) / (times + norm)
        return sorted(scores, key=lambda key: -scores[key])[:_CUT]


def _gain(grades: list[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


def _terms(text: str) -> list[str]:
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return words + [f"{a}_{b}" for a, b in zip(words, words[1:], strict=False)]


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in bare if not unicodedata.combining(char))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
