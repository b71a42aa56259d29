from django.apps import AppConfig
from django.db.models import CharField


class CoreConfig(AppConfig):
    name = "marketplace.core"
    label = "core"

    def ready(self) -> None:
        from marketplace.core.words import HoldsWords

        CharField.register_lookup(HoldsWords)
