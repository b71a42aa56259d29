from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "marketplace.registration"
    label = "registration"
    verbose_name = _("Đăng ký kết quả")

    def ready(self) -> None:
        from marketplace.accounts.idle import register_officials
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.core.personal_data import register_closing
        from marketplace.registration.duty_notices import register_duty_notices
        from marketplace.registration.keeping import FocalKeeper
        from marketplace.registration.models import (
            Dossier,
            Duty,
            FocalOfficer,
            FocalPoint,
            InspectionVisit,
            Letter,
            TaskReport,
        )
        from marketplace.registration.notices import register_notices
        from marketplace.registration.services.focal_points import leave_offices
        from marketplace.research.full_texts.holders import register_keeper

        register_officials(lambda user: FocalOfficer.objects.filter(user=user).exists())
        register_closing("registration.offices", leave_offices)
        register_organization_rows(Dossier, Duty, FocalPoint, InspectionVisit, Letter, TaskReport)
        register_notices()
        register_duty_notices()
        register_keeper(FocalKeeper())
