"""Names found by words of them: a lookup that stays quick over millions of rows on PostgreSQL."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import models

from marketplace.core.text import fold

#: More than a name has.
_MOST_WORDS: Final = 8
#: A word of fewer letters is taken as a whole: what begins with "t" is a third of all names.
_SHORTEST_BEGINNING: Final = 3
_WORD: Final = re.compile(r"[^\W_]+")
#: Signs over which PostgreSQL's parser would take two words for one (hosts, paths, signed numbers).
_JOINING: Final = "-+./@:&<_~"


def words_of(text: str) -> list[str]:
    """The folded words that were typed, each once, in their order."""
    return list(dict.fromkeys(_WORD.findall(fold(text))))[:_MOST_WORDS]


class HoldsWords(models.Lookup):
    """`name_folded__holds_words="van ng"`: every typed word begins a word of the folded column.

    Marks, capitals and order do not matter; a word of one or two letters stands for itself alone. On
    PostgreSQL it is answered from an index over `name_words(column)`, which is part of the server itself:
    no extension has to be there. Where no index is, and on SQLite, rows are read: right, and slower.
    """

    lookup_name = "holds_words"

    def get_prep_lookup(self) -> list[str]:
        return words_of(str(self.rhs))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """The plain search throws out nearly all rows before the dear one looks at the others."""
        column, given = self.process_lhs(compiler, connection)
        conditions: list[str] = []
        params: list[Any] = []
        for word in self._words():
            letters = re.escape(word)
            end = "" if len(word) >= _SHORTEST_BEGINNING else r"(?![^\W_])"
            conditions.append(rf"{column} LIKE %s AND {column} REGEXP %s")
            params += [*given, f"%{word}%", *given, rf"(?<![^\W_]){letters}{end}"]
        return f"({' AND '.join(conditions)})", tuple(params)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, given = self.process_lhs(compiler, connection)
        wanted = " & ".join(
            f"'{word}':*" if len(word) >= _SHORTEST_BEGINNING else f"'{word}'"
            for word in self._words()
        )
        return f"{name_words(column)} @@ %s::tsquery", (*given, wanted)

    def _words(self) -> list[str]:
        if not self.rhs:
            raise EmptyResultSet
        return list(self.rhs)


def name_words(column: str) -> str:
    """PostgreSQL's expression of a column's words; indexes of migrations are over exactly this."""
    spaces = " " * len(_JOINING)
    return f"to_tsvector('simple', translate({column}, '{_JOINING}', '{spaces}'))"
