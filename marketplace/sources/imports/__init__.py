"""Reading result records: files of any usual shape → what came in → clean records.

`incoming` is what every reader gives, `files` finds the records of a file and their lines, `columns`
knows what columns are called, `values` reads the values of one record, `records` makes it clean or
refuses it (`refusals`), `report` keeps what was refused. None of them writes rows: that is
`sources.services`.
"""
