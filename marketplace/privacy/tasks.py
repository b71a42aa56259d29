from marketplace.core.ticks import tick
from marketplace.privacy.services import clear_batch, close_due, make_copy

copies = tick("privacy.copies", make_copy, longest=600)
clear = tick("privacy.clear", clear_batch)
close = tick("privacy.close", close_due, longest=600)
