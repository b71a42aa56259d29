from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    name = "marketplace.sources"
    label = "sources"
    verbose_name = _("Nguồn dữ liệu")

    def ready(self) -> None:
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.research.forwarding import register_forward
        from marketplace.research.models import Application, Attachment, OldIdentifier, Result
        from marketplace.sources.linking.attachments import register_rows
        from marketplace.sources.linking.deciding import forward_merged
        from marketplace.sources.models import SharingAgreement, Source

        register_forward(forward_merged)
        register_organization_rows(SharingAgreement, (Source, "focal_organization"))
        register_rows("result", Application)
        register_rows("result", Attachment)
        register_rows("result", OldIdentifier)
        register_rows("task", Attachment)
        register_rows("task", OldIdentifier)
        register_rows("task", Result)
