"""Bringing result records in: files of any usual shape → clean records → rows.

`files` finds the records of a file and their lines, `columns` knows what columns are called,
`records` cleans one record or refuses it, `report` keeps what was refused. None of them writes rows:
that is `research.services`.
"""
