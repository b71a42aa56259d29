"""The judged set in the BEIR layout, and passes with their reasons as weak judgements beside it.

Public texts and grades alone: no name of a judge, of an organisation or of who passed, no note.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.db.models import QuerySet

from marketplace.matching.judging.grading import final_grades
from marketplace.matching.judging.privacy import without_contacts
from marketplace.matching.models import JudgingPool, Match, Pass, Side
from marketplace.matching.reasons import grades_version, meaning_of
from marketplace.matching.texts import candidate_text, need_text

QRELS: Final = "qrels/test.tsv"
WEAK: Final = "weak/passes.tsv"


def judged_set() -> dict[str, str]:
    """The files of the set by their path: corpus, queries, qrels, weak judgements."""
    corpus: dict[str, dict[str, str]] = {}
    queries: dict[str, str] = {}
    qrels = ["query-id\tcorpus-id\tscore"]
    for pool, grades in _judged():
        query = pool.need.public_id
        queries[query] = f"{pool.title}\n{pool.text}"
        for item in pool.items.all():
            key = f"{item.kind}:{item.key}"
            corpus[key] = {"_id": key, "title": item.title, "text": item.text}
            qrels.append(f"{query}\t{key}\t{grades[item.pk]}")
    weak = ["query-id\tcorpus-id\tscore\treason\tside\tversion"]
    for match, passed in _passed():
        query, key = match.need.public_id, f"{match.kind}:{match.candidate.public_id}"
        if query not in queries:
            need = need_text(match.need)
            queries[query] = without_contacts(f"{need.title}\n{need.text}")
        if key not in corpus:
            one = candidate_text(match.kind, match.candidate)
            title, text = without_contacts(one.title), without_contacts(one.text)
            corpus[key] = {"_id": key, "title": title, "text": text}
        grade = meaning_of(passed.reason).grade
        row = (query, key, str(grade), passed.reason, passed.side, grades_version())
        weak.append("\t".join(row))
    return {
        "corpus.jsonl": _lines(corpus.values()),
        "queries.jsonl": _lines({"_id": key, "text": text} for key, text in queries.items()),
        QRELS: "\n".join(qrels) + "\n",
        WEAK: "\n".join(weak) + "\n",
    }


def _judged() -> Iterator[tuple[JudgingPool, dict[int, int]]]:
    """Pools on which nothing is open, of each need the newest."""
    seen: set[int] = set()
    pools = JudgingPool.objects.select_related("need").prefetch_related("items")
    for pool in pools.order_by("-pk"):
        if pool.need_id in seen:
            continue
        grades = final_grades(pool)
        if grades is not None:
            seen.add(pool.need_id)
            yield pool, grades


def _passed() -> Iterator[tuple[Match, Pass]]:
    """Of public pairs each standing pass that tells of the pair; staff's word goes before others'."""
    order = (Side.STAFF, Side.NEED, Side.SUPPLY)
    found: dict[int, Pass] = {}
    for passed in _told():
        if meaning_of(passed.reason).grade is None:
            continue
        known = found.get(passed.match_id)
        if known is None or order.index(Side(passed.side)) < order.index(Side(known.side)):
            found[passed.match_id] = passed
    matches = Match.objects.filter(pk__in=found).with_candidates().order_by("pk")
    for match in matches:
        rows = type(match.candidate).objects.public().filter(pk=match.candidate.pk)
        if match.need.is_public and rows.exists():
            yield match, found[match.pk]


def _told() -> QuerySet[Pass]:
    return Pass.objects.standing().order_by("pk")


def _lines(rows: Iterable[Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_set(folder: Path) -> int:
    """Writes the set into a folder; returns how many judgements it has."""
    files = judged_set()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return files[QRELS].count("\n") - 1


def packed_set() -> bytes:
    """The set as a ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in judged_set().items():
            archive.writestr(name, text)
    return out.getvalue()
