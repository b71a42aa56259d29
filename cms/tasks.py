from cms.pages.following import follow_pages, publish_due
from marketplace.core.ticks import tick

follow = tick("cms.pages", follow_pages)
publish = tick("cms.schedule", publish_due)
