"""The product's search: what the engine finds first, and in which order it is shown."""

from search.engines import Engine, get_engine
from search.queries import Query, Results


def find(query: Query, *, engine: Engine | None = None) -> Results:
    """Answers a query as the search page, the evaluation and every other caller see it.

    Raises:
        SearchUnavailable: the index is missing or broken.
    """
    return (engine or get_engine()).search(query)
