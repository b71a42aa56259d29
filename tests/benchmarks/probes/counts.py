"""How many results there are, how many of them the index holds, and whether it finds the last."""

import json

from django.db.models import Max

from marketplace.research.models import Result
from search.engines import get_engine
from search.queries import Query


def main() -> None:
    engine = get_engine()
    last = Result.objects.get(pk=Result.objects.aggregate(last=Max("pk"))["last"])
    hits = engine.search(Query(last.title, kinds=("result",), limit=50)).hits
    print(
        json.dumps(
            {
                "results": Result.objects.count(),
                "indexed": engine.search(Query(kinds=("result",), limit=1)).total,
                "found": last.public_id in {hit.key for hit in hits},
            }
        )
    )
