"""Running the stages of the registers until nothing is left, as their ticks do."""

from marketplace.research.filing import browse_batch, count_register
from marketplace.research.models import Register


def browse_all() -> None:
    while browse_batch():
        pass
    for register in Register.values:
        count_register(register)
