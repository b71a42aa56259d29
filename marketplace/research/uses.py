"""Whether a result counts as applied, by the reports on its use that stand."""

from django.db import transaction

from marketplace.research.models import Application, ApplicationStatus, Result


@transaction.atomic
def count_as_applied(application: Application) -> None:
    """A result of which a use is reported counts as applied; what it counted as before is kept beside
    the report, for the day it is taken out."""
    result = Result.objects.select_for_update(of=("self",)).get(pk=application.result_id)
    if result.application_status != ApplicationStatus.APPLIED:
        Application.objects.filter(pk=application.pk).update(
            status_before=result.application_status
        )
    # The page and the index tell of its uses, even where it counted as applied.
    Result.objects.filter(pk=result.pk).update_content(application_status=ApplicationStatus.APPLIED)


@transaction.atomic
def count_no_more(application: Application) -> None:
    """With its last report taken out, a result is again what it was before the first. One that its
    source calls applied stays so, and what was said of it since stands."""
    result = Result.objects.select_for_update(of=("self",)).get(pk=application.result_id)
    reports = Application.objects.filter(result=result)
    changed: dict[str, str] = {}
    if not reports.standing().exists():
        kept = reports.exclude(status_before="").order_by("-pk").first()
        if kept is not None and result.application_status == ApplicationStatus.APPLIED:
            changed["application_status"] = kept.status_before
        reports.update(status_before="")
    Result.objects.filter(pk=result.pk).update_content(**changed)
