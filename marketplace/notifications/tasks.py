from marketplace.core.ticks import tick
from marketplace.notifications.delivery import deliver_batch

deliver = tick("notifications.deliver", deliver_batch, seconds=180)
