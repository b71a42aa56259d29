from marketplace.core.ticks import tick
from marketplace.deals.services import STAGE, clock_batch
from marketplace.deals.services.contracts import STAGE as REGISTRATION
from marketplace.deals.services.contracts import remind_batch
from marketplace.deals.services.disputes import STAGE as DISPUTES
from marketplace.deals.services.disputes import clock_batch as dispute_batch
from marketplace.deals.services.follow_ups import STAGE as FOLLOW_UP
from marketplace.deals.services.follow_ups import ask_batch
from marketplace.deals.services.prices import STAGE as PRICES
from marketplace.deals.services.prices import make_prices
from marketplace.deals.services.questions import STAGE as QUESTIONS
from marketplace.deals.services.questions import clock_batch as question_batch
from marketplace.deals.services.readiness import STAGE as READINESS
from marketplace.deals.services.readiness import remind_batch as readiness_batch
from marketplace.deals.services.replies import STAGE as REPLIES
from marketplace.deals.services.replies import take_batch
from marketplace.deals.services.signatures import STAGE as SIGNATURES
from marketplace.deals.services.signatures import check_batch

clock = tick(STAGE, clock_batch)
registration = tick(REGISTRATION, remind_batch)
disputes = tick(DISPUTES, dispute_batch)
follow_up = tick(FOLLOW_UP, ask_batch)
prices = tick(PRICES, make_prices)
questions = tick(QUESTIONS, question_batch)
readiness = tick(READINESS, readiness_batch)
signatures = tick(SIGNATURES, check_batch, seconds=120, longest=600)
replies = tick(REPLIES, take_batch, longest=300)
