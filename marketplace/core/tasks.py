from datetime import timedelta
from importlib import import_module

from django.conf import settings

from marketplace.core import audit, clock
from marketplace.core.audit.archiving import archive_batch
from marketplace.core.models import IdempotencyKey
from marketplace.core.ticks import tick

KEPT_KEYS = timedelta(days=2)


def _heartbeat() -> int:
    return 0  # the lease's own last_run_at is the beat


def _clean() -> int:
    IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT_KEYS).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return 0


heartbeat = tick("core.heartbeat", _heartbeat)
seal_audit = tick("core.seal_audit", audit.seal_batch)
archive_audit = tick("core.archive_audit", archive_batch, seconds=60, longest=600)
clean = tick("core.clean", _clean)
