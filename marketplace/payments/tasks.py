from marketplace.core.ticks import tick
from marketplace.payments.services.inbox import STAGE as INBOX_STAGE
from marketplace.payments.services.inbox import inbox_batch
from marketplace.payments.services.nightly import STAGE as NIGHTLY_STAGE
from marketplace.payments.services.nightly import compare_batch
from marketplace.payments.services.payments import ASK_STAGE, REFUND_STAGE
from marketplace.payments.services.reconciling import STAGE as STATEMENT_STAGE
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.remote import ask_batch, refund_batch
from marketplace.payments.services.telling import STAGE as TELL_STAGE
from marketplace.payments.services.telling import tell_batch

inbox = tick(INBOX_STAGE, inbox_batch)
ask = tick(ASK_STAGE, ask_batch)
refund = tick(REFUND_STAGE, refund_batch)
statements = tick(STATEMENT_STAGE, reconcile_batch)
tell = tick(TELL_STAGE, tell_batch)
nightly = tick(NIGHTLY_STAGE, compare_batch, longest=1800)
