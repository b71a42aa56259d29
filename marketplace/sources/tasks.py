from marketplace.core.ticks import tick
from marketplace.sources.harvesting.due import LONGEST_PAGE, PAGES, harvest_batch
from marketplace.sources.harvesting.vanished import take_off_batch
from marketplace.sources.linking.finding import link_batch
from marketplace.sources.services.applications import settle_batch, tie_applications
from marketplace.sources.services.forgetting import forget_batch
from marketplace.sources.services.ties import tie_batch
from marketplace.sources.services.undoing import undo_batch
from marketplace.sources.services.uploads import bring_upload
from marketplace.sources.services.waiting import settle_codes

link = tick("sources.link", link_batch, seconds=120)
vanished = tick("sources.vanished", take_off_batch)
codes = tick("sources.codes", settle_codes)
ties = tick("sources.ties", tie_batch)
applications = tick("sources.applications", tie_applications)
uses = tick("sources.uses", settle_batch)
undo = tick("sources.undo", undo_batch)
forget = tick("sources.forget", forget_batch)
# A batch is ten pages of a slow server, or the largest file on a slow machine; yet one that is killed
# frees its lease within a minute.
harvest = tick("sources.harvest", harvest_batch, longest=PAGES * LONGEST_PAGE)
files = tick("sources.files", bring_upload, longest=7200)
