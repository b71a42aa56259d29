from marketplace.cases.keeping import STAGE, keep_batch
from marketplace.cases.personal import forget_batch
from marketplace.core.ticks import tick

keep = tick(STAGE, keep_batch)
forget = tick("cases.forget", forget_batch)
