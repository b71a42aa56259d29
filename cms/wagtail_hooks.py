"""What the Wagtail admin shows: listings to curate, the contact desk, the outbox."""

from wagtail.snippets.models import register_snippet

from cms.listings import ListingGroup

register_snippet(ListingGroup)
