from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistrationConfig(AppConfig):
    name = "marketplace.registration"
    label = "registration"
    verbose_name = _("Đăng ký kết quả")

    def ready(self) -> None:
        from marketplace.registration.duty_notices import register_duty_notices
        from marketplace.registration.notices import register_notices

        register_notices()
        register_duty_notices()
