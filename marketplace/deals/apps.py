from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "marketplace.deals"
    label = "deals"
    verbose_name = _("Kết nối và giao dịch")

    def ready(self) -> None:
        from marketplace.accounts.handover import Charge, register_charge
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.core.personal_data import register_closing
        from marketplace.deals.cases.deals import register_deals
        from marketplace.deals.cases.expressions import register_interests
        from marketplace.deals.models import (
            AgreementAcceptance,
            Answer,
            ContractConfirmation,
            Deal,
            DealFileVersion,
            DealMember,
            DealMessage,
            Dispute,
            DisputeEntry,
            Evaluation,
            ExpressionOfInterest,
            FinderCredit,
            LicenceAcceptance,
            Question,
            Release,
            SheetAcceptance,
            SignedCopy,
            StandardLicence,
            TermSheet,
        )
        from marketplace.deals.notices.deals import register_deal_notices
        from marketplace.deals.notices.expressions import register_interest_notices
        from marketplace.deals.notices.letterheads import register_deal_letterheads
        from marketplace.deals.services.handover import count_charge, pass_on_charge
        from marketplace.deals.services.people import leave_deals
        from marketplace.sources.linking.attachments import register_rows

        register_deal_letterheads()
        register_organization_rows(
            (ExpressionOfInterest, "asker"),
            (ExpressionOfInterest, "receiver"),
            (Deal, "buyer"),
            (Deal, "seller"),
            DealMember,
            DealMessage,
            DealFileVersion,
            Release,
            AgreementAcceptance,
            TermSheet,
            SheetAcceptance,
            ContractConfirmation,
            SignedCopy,
            Dispute,
            DisputeEntry,
            Question,
            Answer,
            Evaluation,
            (FinderCredit, "broker"),
            StandardLicence,
            LicenceAcceptance,
        )
        register_rows("need", ExpressionOfInterest, "subject_id", only={"kind": "need"})
        register_charge(Charge(count=count_charge, pass_on=pass_on_charge))
        register_closing("deals.seats", leave_deals)
        register_interests()
        register_deals()
        register_interest_notices()
        register_deal_notices()
