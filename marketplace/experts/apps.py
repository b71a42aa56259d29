from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExpertsConfig(AppConfig):
    name = "marketplace.experts"
    label = "experts"
    verbose_name = _("Chuyên gia")

    def ready(self) -> None:
        from marketplace.accounts.dependents import register_dependents
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.core.personal_data import register_closing
        from marketplace.experts.models import Expert
        from marketplace.experts.notices import register_notices
        from marketplace.experts.search import register_experts
        from marketplace.experts.services import forget
        from marketplace.experts.supply import register_expert_supply

        register_notices()
        register_experts()
        register_expert_supply()
        register_organization_rows(Expert)
        register_dependents(Expert.objects.of_organizations)
        register_closing("experts.profile", forget)
