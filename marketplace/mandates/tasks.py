"""The clock of this app: mandates that end on their day."""

from marketplace.core.ticks import tick
from marketplace.mandates.services import expire_batch

expire = tick("mandates.expire", expire_batch)
