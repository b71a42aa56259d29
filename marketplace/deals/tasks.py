from marketplace.core.ticks import tick
from marketplace.deals.services import STAGE, clock_batch

clock = tick(STAGE, clock_batch)
