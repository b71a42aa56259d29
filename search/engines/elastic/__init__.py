"""The engine on a server: Elasticsearch 8/9 or OpenSearch 2/3. Only here is the client imported.

It asks nothing that needs a module of the server: no scripts, reindex, by-query calls or percolator.
"""

from search.engines.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
