from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "marketplace.notifications"
    label = "notifications"
    verbose_name = _("Thông báo")

    def ready(self) -> None:
        from marketplace.core.health import register_check
        from marketplace.notifications.telling import register_notices

        register_check("outbox", "marketplace.notifications.delivery.outbox_health")
        register_notices()
