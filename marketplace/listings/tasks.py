from marketplace.core.ticks import tick
from marketplace.listings import services

expire = tick("listings.expire", services.expire_batch)
remind = tick("listings.remind", services.remind_batch)
ask = tick("listings.ask", services.ask_batch)
suspend = tick("listings.suspend", services.suspend_batch)
