from django.db import models


class Tombstone(models.Model):
    """A row that was really deleted and whose document must leave the index.

    Withdrawn rows need none: they stay, and their raised version tells the sync.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="tombstone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def leave_tombstones(kind: str, keys: list[str]) -> None:
    """Call it in the transaction that deletes the rows."""
    Tombstone.objects.bulk_create(
        [Tombstone(kind=kind, key=key) for key in keys], ignore_conflicts=True
    )
