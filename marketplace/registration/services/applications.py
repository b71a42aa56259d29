"""The yearly report on how a result is used, filed by the organisation that owes it."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import Organization, User
from marketplace.accounts.names import organization_key
from marketplace.core import audit
from marketplace.core.errors import DomainError
from marketplace.registration.models import Duty, DutyKind
from marketplace.registration.services.duties import derive_results
from marketplace.research.models import Application
from marketplace.research.registering import report_application


@transaction.atomic
def file_application_report(
    duty: Duty, *, by: User, organization_name: str, reported_on: date, **facts: Any
) -> Application:
    """Keeps the report in the register and closes the duty of that year.

    Raises:
        DomainError: it is no such duty, or a value does not fit.
    """
    if duty.kind != DutyKind.APPLICATION_REPORT or duty.result is None:
        raise DomainError(_("Việc này không phải báo cáo ứng dụng."))
    key = organization_key(organization_name)
    application = report_application(
        duty.result,
        year_number=duty.number,
        organization_name=organization_name,
        organization=Organization.objects.filter(name_key=key).first() if key else None,
        reported_on=reported_on,
        by=by,
        **facts,
    )
    derive_results([duty.result.pk])
    audit.record("duty.reported", f"duty:{duty.public_id}", by=by)
    duty.refresh_from_db()
    return application
