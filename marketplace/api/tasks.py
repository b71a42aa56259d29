"""The clock of what is given out."""

from celery import shared_task

from marketplace.api.bulk.export import export_if_due
from marketplace.api.ledger import list_batch
from marketplace.core.ticks import tick

listed = tick("api.list", list_batch)


@shared_task(name="api.export", ignore_result=True)
def exported() -> bool:
    return export_if_due()
