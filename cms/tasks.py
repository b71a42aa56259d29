from cms.pages.following import follow_pages, publish_due
from cms.pages.reading import count_visits, forget_votes
from cms.pages.types.form import forget_answers
from cms.publications.sending import send_issues
from marketplace.core.ticks import tick

follow = tick("cms.pages", follow_pages)
publish = tick("cms.schedule", publish_due)
count = tick("cms.visits", count_visits)
forget = tick("cms.votes", forget_votes)
forget_forms = tick("cms.forms", forget_answers)
send = tick("cms.publications", send_issues)
