from marketplace.core.ticks import tick
from marketplace.research.browsing import browse_batch, count_batch
from marketplace.research.naming import name_batch
from marketplace.research.registering import publish_due

name_people = tick("research.people", name_batch)
browse = tick("research.browse", browse_batch)
count = tick("research.count", count_batch, seconds=600)
publish = tick("research.publish", publish_due)
