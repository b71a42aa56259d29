from marketplace.core.ticks import tick
from marketplace.matching.pipeline import run_batch

run = tick("matching.run", run_batch, seconds=120)
