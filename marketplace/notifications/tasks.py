from marketplace.core.ticks import tick
from marketplace.notifications.alerts import match_new
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.saved_searches import forget_deleted
from marketplace.notifications.telling import tell_due


def _alert() -> int:
    """One batch a tick: a long import must not look like a stage that never ends."""
    match_new()
    tell_due()
    return 0


def _clean() -> int:
    forget_deleted()
    return 0


deliver = tick("notifications.deliver", deliver_batch, seconds=180)
alert = tick("notifications.alerts", _alert, seconds=300)
clean = tick("notifications.clean", _clean)
