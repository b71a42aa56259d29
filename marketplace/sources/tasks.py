from marketplace.core.ticks import tick
from marketplace.sources.harvesting.due import harvest_batch
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.services.undoing import undo_batch
from marketplace.sources.services.uploads import bring_upload

link = tick("sources.link", link_batch, seconds=120)
undo = tick("sources.undo", undo_batch)
# Ten pages of a slow server; one that is killed frees its lease within a quarter of an hour.
harvest = tick("sources.harvest", harvest_batch, seconds=900)
# As long as the largest file takes on a slow machine.
files = tick("sources.files", bring_upload, seconds=900)
