"""Needs against very many results made of the real ones, by the product's own path.

`prepare REFERENCE COUNT` makes the rows and their index, `needs REFERENCE FILE SEED COUNT` writes what is asked,
by a process of its own, since it holds the corpora; `ask FILE` measures time and memory with what is installed: without the extra lexically, with it with vectors of every row. Those vectors are noise: what
they cost is the same, and what they find is measured elsewhere (docs/semantic.md).
"""

import gzip
import json
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from marketplace.matching.finding import find_matches
from marketplace.matching.meaning import meaning_source, only_meaning
from marketplace.matching.scoring import MatchList, NeedText, render_reason
from marketplace.matching.texts import complete
from marketplace.research.models import Result
from search.engines import get_engine
from search.models import Passage
from search.queries import TextQuery
from search.rebuilding import rebuild_index
from search.semantic import get_encoder
from tests.benchmarks.probes import combined

WARMING: Final = 10
_CHUNK: Final = 2_000
#: Every so manieth record has no text but its title, as registers have them.
_BARE: Final = 50
_FAMILY: Final = 3_000
_TELLING: Final = "Cần máy sấy xoài cắt lát bằng bơm nhiệt, giữ màu, công suất 500 kg mỗi mẻ"
_COURTESIES: Final = "Kính gửi Quý cơ quan, công ty chúng tôi xin gửi lời chào trân trọng và mong nhận được sự hợp tác, hỗ trợ. "


def main(verb: str, path: str, *arguments: str) -> None:
    match verb:
        case "prepare":
            _prepare(Path(path), int(arguments[0]))
        case "needs":
            file, seed, count = arguments
            needs = _needs(Path(path), seed, int(count) + WARMING)
            Path(file).write_text(json.dumps(needs), encoding="utf-8")
        case _:
            print(json.dumps(_ask(json.loads(Path(path).read_text(encoding="utf-8")))))


def _prepare(reference: Path, count: int) -> None:
    waiting: list[Result] = []
    for number, (title, text, language) in enumerate(_records(reference, count)):
        row = Result(
            source="bench",
            source_id=f"{number}",
            content_hash=f"{number}",
            title=title,
            abstract="" if number % _BARE == 0 else text,
            language=language,
            year=1990 + number % 36,
        )
        waiting.append(row)
        if len(waiting) == _CHUNK:
            Result.objects.bulk_create(waiting)
            waiting.clear()
    Result.objects.bulk_create(waiting)
    rebuild_index()


def _records(reference: Path, count: int) -> Iterator[tuple[str, str, str]]:
    """A family that says the same thousands of times, then what is combined of the corpora."""
    family = min(_FAMILY, count // 10)
    for number in range(family):
        yield (
            f"Máy sấy bơm nhiệt cho xoài cắt lát, mẫu {number}",
            f"Sấy xoài cắt lát bằng bơm nhiệt, giữ màu và mùi, công suất 500 kg mỗi mẻ. Lô số {number}.",
            "vi",
        )
    for document in combined.documents(reference, count - family):
        yield document.title, document.text, document.language


def _ask(needs: list[str]) -> dict[str, Any]:
    with only_meaning(None):
        data: dict[str, Any] = {"lexical": _measured(needs), "bad": _bad()}
    data["results"] = Result.objects.public().count()
    data["peak"] = _peak()
    if meaning_source() is not None and (encoder := get_encoder()) is not None:
        _give_vectors(encoder.name, encoder.dimensions)
        data["semantic"] = _measured(needs)
        data["peak semantic"] = _peak()
    return data


def _needs(reference: Path, seed: str, count: int) -> list[str]:
    """Half of them topics of agencies, half passages of Vietnamese texts."""
    path = reference / "benchmarks/sbir-need2result/queries.dev.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        topics = [json.loads(line)["text"] for line in lines]
    chance = random.Random(seed)
    passages = combined.long_queries(reference, count * 2, seed=chance.randrange(10**6))[::2]
    found = [*chance.sample(topics, count // 2), *passages[: count - count // 2]]
    chance.shuffle(found)
    return found


def _measured(needs: list[str]) -> dict[str, Any]:
    matched, worked, candidates, explained = [], [], [], 0
    for number, text in enumerate(needs):
        started, busy = time.perf_counter(), time.process_time()
        found = _match(text)
        took, spent = time.perf_counter() - started, time.process_time() - busy
        started = time.perf_counter()
        get_engine().candidates(TextQuery(text))
        asked = time.perf_counter() - started
        if number >= WARMING:
            matched.append(took * 1000)
            worked.append(spent * 1000)
            candidates.append(asked * 1000)
            explained += sum(bool(item.reasons) for item in found.scored[:10])
    return {
        "matched": matched,
        "worked": worked,
        "candidates": candidates,
        "explained": explained / max(len(matched), 1),
    }


def _match(text: str) -> MatchList:
    found = find_matches(NeedText(text=text), complete=complete)
    for scored in found.scored[:10]:
        for reason in scored.reasons:
            render_reason(reason, "vi")
    return found


def _bad() -> dict[str, dict[str, Any]]:
    """Needs as they come, each with its milliseconds and what is said of it."""
    needs = {
        "one word": "máy",
        "20,000 words": " ".join(f"{_TELLING} số {place}." for place in range(1_100)),
        "boilerplate": _COURTESIES * 20,
        "a third language": "Wir suchen ein Verfahren zur Herstellung von Wasserstoff aus Abwasser",
        "capitals": _TELLING.upper(),
        "markup": f"<div class='x'><p>{_TELLING}</p><script>alert(1)</script></div>" * 3,
        "contradicting numbers": f"{_TELLING}. Công suất ít nhất 400 kg mỗi mẻ, không quá 100 kg mỗi mẻ.",
        "thousands that say the same": _TELLING,
    }
    said = {}
    for name, text in needs.items():
        busy = time.process_time()
        found = _match(text)
        said[name] = {
            "ms": (time.process_time() - busy) * 1000,
            "abstained": found.abstained,
            "listed": len(found.scored),
            "first": found.scored[0].candidate.title if found.scored else "",
            "bare": sum(not one.candidate.text.strip() for one in found.scored),
        }
    return said


def _give_vectors(model: str, dimensions: int) -> None:
    have = set(Passage.objects.values_list("row", flat=True).iterator())
    chance = random.Random(1)
    rows = Result.objects.public().order_by("pk").values_list("pk", "public_id", "language")
    waiting = []
    for pk, key, language in rows.iterator(_CHUNK):
        if pk in have:
            continue
        vector = chance.randbytes(dimensions)
        waiting.append(
            Passage(
                kind="result",
                row=pk,
                key=key,
                version=1,
                model=model,
                language=language,
                vector=vector,
            )
        )
        if len(waiting) == _CHUNK:
            Passage.replace(waiting)
            waiting.clear()
    if waiting:
        Passage.replace(waiting)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
