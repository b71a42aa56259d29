from marketplace.core.ticks import tick
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.services.undoing import undo_batch

link = tick("sources.link", link_batch, seconds=120)
undo = tick("sources.undo", undo_batch)
