"""Many new rows of one model at once, with what the ORM would cost a value left out.

SQLite takes one prepared statement, PostgreSQL a COPY. Both run inside the caller's transaction, and a
row that exists raises IntegrityError as an insert does.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models


class BulkInsert:
    """Inserts rows given as tuples of the named columns; every other column gets its default."""

    def __init__(self, model: type[models.Model], given: Sequence[str]) -> None:
        fields = {field.name: field for field in model._meta.concrete_fields}
        taken = [fields.pop(name) for name in given]
        constant = {}
        for field in fields.values():
            if field.primary_key or field.generated:
                continue
            if not field.has_default() and field.has_db_default():
                continue  # the database knows it
            constant[field] = _prepare(field)(field.get_default())
        #: Only the values that are not taken as they are.
        self.prepare = [
            (place, one) for place, field in enumerate(taken) if (one := _prepare(field)) != _same
        ]
        self.constants = tuple(constant.values())
        quote = connection.ops.quote_name
        columns = [quote(str(field.column)) for field in (*taken, *constant)]
        self.table = quote(model._meta.db_table)
        self.columns = ", ".join(columns)
        self.places = ", ".join(["%s"] * len(columns))

    def insert(self, rows: Iterable[Sequence[Any]]) -> None:
        ready = self._ready(rows)
        first = next(ready, None)
        if first is None:
            return
        # As they are taken: the server works on some while the next ones are made.
        ready = itertools.chain([first], ready)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                statement = f"COPY {self.table} ({self.columns}) FROM STDIN"
                # Through Django's own guard, so that its errors are Django's.
                with connection.wrap_database_errors, cursor.copy(statement) as copy:
                    for row in ready:
                        copy.write_row(row)
            else:
                cursor.executemany(
                    f"INSERT INTO {self.table} ({self.columns}) VALUES ({self.places})",  # noqa: S608 - names of our own columns
                    list(ready),
                )

    def _ready(self, rows: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        prepare, constants = self.prepare, self.constants
        for row in rows:
            values = [*row, *constants]
            for place, one in prepare:
                values[place] = one(values[place])
            yield values


def update_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Any]) -> None:
    """Writes these columns of rows that the caller holds locked, each row by its key."""
    known = {field.name: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in names]
    prepare = [(field.attname, _prepare(field)) for field in fields]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    ready = [(*(one(getattr(row, name)) for name, one in prepare), row.pk) for row in rows]
    if ready:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {columns} WHERE {key} = %s",  # noqa: S608 - names of our own columns
                ready,
            )


def _prepare(field: models.Field) -> Callable[[Any], Any]:
    """What the database takes for a value of this column."""
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.DateField):
        return _day
    return _same


def _same(value: Any) -> Any:
    return value


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return json.dumps(value) if value else _EMPTY[type(value)]


_EMPTY = {list: "[]", dict: "{}", str: '""', int: "0", float: "0.0", bool: "false"}


def _day(value: date | None) -> Any:
    return connection.ops.adapt_datefield_value(value)


def _moment(value: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
