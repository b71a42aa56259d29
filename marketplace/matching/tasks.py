from marketplace.core.ticks import tick
from marketplace.matching.interests import running as interests_stage
from marketplace.matching.pipeline import STAGE, lend_a_hand, run_batch
from marketplace.matching.published import count_day

#: A batch of a large import is one look at all open needs and may take longer than the lease.
run = tick(STAGE, run_batch, seconds=120, longest=900)

hand = tick("matching.hand", lend_a_hand, seconds=120)

interests = tick("matching.interests", interests_stage.run_batch, seconds=120, longest=900)

live_quality = tick("matching.live_quality", count_day)
