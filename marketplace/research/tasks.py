from marketplace.core.ticks import tick
from marketplace.research.filing import browse_batch, count_batch
from marketplace.research.finishing import settle_task_states
from marketplace.research.full_texts.stages import full_text_batch
from marketplace.research.naming import name_batch
from marketplace.research.registering import publish_due

name_people = tick("research.people", name_batch)
browse = tick("research.browse", browse_batch)
count = tick("research.count", count_batch, seconds=600)
publish = tick("research.publish", publish_due)
task_states = tick("research.task_states", settle_task_states, seconds=120)
full_texts = tick("research.full_texts", full_text_batch, seconds=300)
