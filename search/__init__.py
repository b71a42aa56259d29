"""Engine-neutral search: documents, queries, Vietnamese analysis, index sync, engines.

Knows no domain model. Applications register what they want indexed (``search.registry``).
"""
