"""The clock of this app: profiles whose consent was taken back elsewhere."""

from marketplace.core.ticks import tick
from marketplace.experts.services import follow_consents

follow = tick("experts.follow", follow_consents)
