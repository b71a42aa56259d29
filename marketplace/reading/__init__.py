"""Reads Vietnamese and English text: sentences, quantities, elements, negation.

Pure functions over plain text: no models, no settings, vocabulary handed in as data.
Every span is an offset into the text that was given.
"""
