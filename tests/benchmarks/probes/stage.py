"""What every stage of the kill campaign is made of: its four steps, the index, files of records."""

import itertools
import json
import random
from abc import ABC, abstractmethod
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from marketplace.demo.records import records
from search.engines import get_engine
from search.models import Tombstone
from search.registry import sources

State = dict[str, Any]


class Stage(ABC):
    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)

    def surroundings(self) -> AbstractContextManager[None]:
        """What stands while the stage is run and killed time and again: another system, say."""
        return nullcontext()

    @abstractmethod
    def prepare(self) -> None: ...

    @abstractmethod
    def work(self) -> None: ...

    @abstractmethod
    def state(self) -> State:
        """What must be the same whether the stage was killed or not."""

    def faults(self) -> list[str]:
        """What must hold by itself."""
        return index_faults()


def index_faults() -> list[str]:
    """The index holds the documents of exactly the rows that may be in it, each once."""
    held = Counter(key for batch in get_engine().walk() for key, _version in batch)
    wanted, public = set(), set()
    for source in sources():
        rows = source.indexable(source.rows())
        wanted |= {f"{source.kind}:{key}" for key in rows.values_list("public_id", flat=True)}
        visible = source.visible(source.rows(), AnonymousUser())
        public |= {f"{source.kind}:{key}" for key in visible.values_list("public_id", flat=True)}
    faults = [f"in the index twice: {key}" for key, times in held.items() if times > 1]
    faults += [f"not in the index: {key}" for key in sorted(wanted - set(held))]
    faults += [f"should not be in the index: {key}" for key in sorted(set(held) - wanted)]
    faults += [f"public, but not indexable: {key}" for key in sorted(public - wanted)]
    for source in sources():
        if stale := source.model.objects.stale("indexed_version").count():
            faults.append(f"{stale} rows of {source.kind} are still to be indexed")
    if Tombstone.objects.exists():
        faults.append("tombstones remain")
    return faults[:20]


def data_file(name: str) -> Path:
    return Path(settings.DATA_DIR) / name


def write_results(path: Path, count: int, chance: random.Random) -> int:
    """A file of results like those of the demo, with lines that must be refused; returns these."""
    organizations = [record["name"] for record in records("organizations")]
    refused = 0
    models = itertools.cycle(list(records("results")))
    with path.open("w", encoding="utf-8") as out:
        for number, record in zip(range(count), models, strict=False):
            if chance.random() < 0.01:
                out.write('{"id": "broken", "title":\n')
                refused += 1
            row = {
                "id": f"K-{number:05d}",
                "title": f"{record['title']} (lô {number})",
                "abstract": record["abstract"],
                "keywords": record.get("keywords"),
                "org": f"{chance.choice(organizations)} {number % 40}",
                "year": record.get("year"),
            }
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return refused
