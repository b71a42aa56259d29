"""Readers of the formats in which records come in: bytes → raw records, as a stream, no rows written.

`opening.read_file` looks at what a file holds and picks the reader. Whatever the size of a file, memory
and time stay bounded: one record is held at a time, and everything that could grow has a limit. What
cannot be read is an `Unreadable` with its place; a file that cannot be read any further raises
`InputProblem` after what could be read was given. No reason ever repeats the text of a record.
"""
