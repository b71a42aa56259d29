from marketplace.core.ticks import tick
from marketplace.registration import services
from marketplace.registration.services.duties import derive_batch
from marketplace.registration.services.duty_reminders import remind_duties_batch

# A printed page takes a second; a batch of five ends well within the lease.
certificates = tick("registration.certificates", services.print_batch)
remind = tick("registration.remind", services.remind_batch)
duties = tick("registration.duties", derive_batch)
duty_reminders = tick("registration.duty_reminders", remind_duties_batch)
