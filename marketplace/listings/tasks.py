from marketplace.core.ticks import tick
from marketplace.listings import services

expire = tick("listings.expire", services.expire_batch)
remind = tick("listings.remind", services.remind_batch)
ask = tick("listings.ask", services.ask_batch)
suspend = tick("listings.suspend", services.suspend_batch)
note_copies = tick("listings.copies", services.note_copies)
note_links = tick("listings.note_links", services.note_links)
check_links = tick("listings.check_links", services.check_links, longest=300)
tell_of_rights = tick("listings.rights", services.tell_of_rights)
