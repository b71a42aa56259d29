from marketplace.core.ticks import tick
from marketplace.registration import services

# A printed page takes a second; a batch of five ends well within the lease.
certificates = tick("registration.certificates", services.print_batch)
remind = tick("registration.remind", services.remind_batch)
