"""Blocking keys as rows, and the records that share one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection, transaction

from marketplace.sources.models import LinkKey

#: A key of more records than this says nothing of any of them.
BLOCK_LIMIT: Final = 60
#: Candidates of one record that are compared, those with most keys in common first.
CANDIDATE_LIMIT: Final = 40
_KEYS_A_QUESTION: Final = 150
#: Of blocking keys and of what is compared. Raise it where either changes: every record is then
#: compared again, and what people decided of unchanged records holds.
LINKING_EDITION: Final = 2


def write_keys(kind: str, records: Sequence[int], wanted: set[tuple[int, int]]) -> None:
    """The keys of these records as they should be; a record that left the pages has none."""
    held = {
        (record, key): pk
        for pk, record, key in LinkKey.objects.filter(kind=kind, record__in=records).values_list(
            "pk", "record", "key"
        )
    }
    gone = [pk for place, pk in held.items() if place not in wanted]
    new = [
        LinkKey(kind=kind, record=record, key=key) for record, key in sorted(wanted - held.keys())
    ]
    if not gone and not new:
        return
    with transaction.atomic():
        for part in parts_of(gone, 500):
            LinkKey.objects.filter(pk__in=part).delete()
        LinkKey.objects.bulk_create(new, batch_size=500, ignore_conflicts=True)


def candidates_of(
    kind: str, records: Iterable[int], *, limit: int = BLOCK_LIMIT
) -> dict[int, list[int]]:
    """Record → those that share a key with it, most keys in common first.

    Every key is asked for no more than `limit` + 1 rows, so a key that half of a million records have
    costs what any other costs, and then says nothing.
    """
    keys: dict[int, list[int]] = {}
    for record, key in LinkKey.objects.filter(kind=kind, record__in=list(records)).values_list(
        "record", "key"
    ):
        keys.setdefault(key, []).append(record)
    holders = _holders(kind, list(keys), limit + 1)
    shared: dict[int, Counter[int]] = {}
    for key, found in holders.items():
        if len(found) > limit:
            continue
        for record in keys[key]:
            shared.setdefault(record, Counter()).update(one for one in found if one != record)
    return {
        record: [one for one, _count in counts.most_common(CANDIDATE_LIMIT)]
        for record, counts in shared.items()
    }


def _holders(kind: str, keys: list[int], limit: int) -> dict[int, list[int]]:
    """Key → up to `limit` records that have it."""
    table = LinkKey._meta.db_table
    # The table's name is ours; every value is a parameter.
    one = f"SELECT * FROM (SELECT key, record FROM {table} WHERE kind = %s AND key = %s LIMIT {int(limit)}) AS part"  # noqa: S608
    found: dict[int, list[int]] = {}
    for part in parts_of(keys, _KEYS_A_QUESTION):
        with connection.cursor() as cursor:
            cursor.execute(
                " UNION ALL ".join([one] * len(part)),
                [value for key in part for value in (kind, key)],
            )
            for key, record in cursor.fetchall():
                found.setdefault(key, []).append(record)
    return found


def parts_of(items: Sequence[Any], size: int) -> list[list[Any]]:
    return [list(items[at : at + size]) for at in range(0, len(items), size)]
