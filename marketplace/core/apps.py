import gc
from typing import Final

from django.apps import AppConfig
from django.db.models import CharField

#: New objects after which Python looks for cycles among them. Most of what an answer makes is gone with
#: its last reference; looking after every 700 took a tenth of a match's time.
_OBJECTS_A_LOOK: Final = 10_000


class CoreConfig(AppConfig):
    name = "marketplace.core"
    label = "core"

    def ready(self) -> None:
        from marketplace.core.words import HoldsWords

        CharField.register_lookup(HoldsWords)
        # What is loaded now stays to the end: nobody need look through it for cycles again and again.
        gc.freeze()
        gc.set_threshold(_OBJECTS_A_LOOK, *gc.get_threshold()[1:])
