from marketplace.core.ticks import tick
from marketplace.sources.services.undoing import undo_batch

undo = tick("sources.undo", undo_batch)
