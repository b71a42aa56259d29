from marketplace.core.ticks import tick
from marketplace.privacy.services import close_due, make_copy

copies = tick("privacy.copies", make_copy, longest=600)
close = tick("privacy.close", close_due, longest=600)
