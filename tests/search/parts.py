"""What kill tests stop, on whichever engine the product runs: for code of another process."""

from django.conf import settings

if settings.SEARCH_URL.startswith("embedded:"):
    from search.engines.embedded import building
    from search.engines.embedded.building import EmbeddedBuilder as Builder
    from search.engines.embedded.writing import EmbeddedWriter as Writer

    #: Where the position of a build is written.
    position = building, "write_durably"
else:
    from search.engines.elastic.indexes import Indexes
    from search.engines.elastic.writing import ElasticBuilder as Builder
    from search.engines.elastic.writing import ElasticWriter as Writer

    position = Indexes, "keep"

__all__ = ["Builder", "Writer", "position"]
