"""The certificate: issued once with the next number, the result made public with it; printed once."""

import hashlib
from typing import Any

import structlog
from django.core.files.base import ContentFile
from django.db import transaction

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.printing import PrintingUnavailable
from marketplace.core.storage import stored_name
from marketplace.core.text import new_public_id
from marketplace.core.ticks import kick
from marketplace.registration import rules
from marketplace.registration.models import Certificate, Dossier, FocalPoint
from marketplace.registration.notices import CERTIFICATE, tell_organization
from marketplace.registration.papers import certificate_pdf
from marketplace.registration.services.numbers import CERTIFICATES, draw_number
from marketplace.registration.services.results import attach_files, result_values
from marketplace.registration.services.rows import locked, move
from marketplace.registration.states import DossierState
from marketplace.research.services import note_kind, register_result

logger = structlog.get_logger(__name__)


@transaction.atomic
def issue_certificate(dossier: Dossier, *, by: User) -> Certificate:
    """Draws the next number, enters the result into the register and keeps what the paper says.

    All of it is one transaction: ended anywhere, there is neither number nor result nor certificate,
    and the number is the next one's.

    Raises:
        InvalidTransition: the dossier is not accepted, or has its certificate; it is never re-issued.
        DomainError: the register does not take a value.
    """
    row = locked(dossier)
    move(row, DossierState.REGISTERED, by=by, by_desk=True, action="registered")
    focal_point = FocalPoint.objects.select_related("organization").get(dossiers=row)
    today = clock.today()
    sequence = draw_number(focal_point, series=CERTIFICATES, year=today.year)
    number, archive_number = _written(focal_point, sequence, today.year)
    result = register_result(
        task=row.task,
        values=result_values(row) | ({"archive_number": archive_number} if archive_number else {}),
        certificate_number=number,
        issued_on=today,
        registering_body=focal_point.name,
        by=by,
    )
    note_kind(row.task, kind=str(row.form.get("task_kind") or ""), by=by)
    attach_files(row, result)
    certificate = Certificate.objects.create(
        dossier=row,
        result=result,
        focal_point=focal_point,
        year=today.year,
        sequence=sequence,
        number=number,
        archive_number=archive_number,
        code=new_public_id() + new_public_id(),
        issued_on=today,
        issued_at=clock.now(),
        issued_by=by,
        printed=_printed(row, focal_point),
    )
    tell_organization(row, CERTIFICATE)
    kick("registration.certificates")
    return certificate


def _written(focal_point: FocalPoint, sequence: int, year: int) -> tuple[str, str]:
    pattern = rules.number_pattern(focal_point.number_pattern)
    values: dict[str, Any] = {
        "sequence": sequence,
        "year": year,
        "body": focal_point.body_code,
        "group": focal_point.archive_group,
    }
    return pattern.write(pattern.number, **values), pattern.write(pattern.archive_number, **values)


def _printed(dossier: Dossier, focal_point: FocalPoint) -> dict[str, Any]:
    form = dossier.form
    return {
        "superior": focal_point.superior,
        "body": focal_point.name,
        "place": focal_point.place,
        "signer_title": focal_point.signer_title,
        "signer_name": focal_point.signer_name,
        "title": form.get("title", ""),
        "organization": dossier.organization.name,
        "agency": form.get("agency", ""),
        "level": form.get("level", ""),
        "task_code": form.get("task_code", ""),
        "leader": " ".join(
            part for part in (form.get("leader_degree", ""), form.get("leader", "")) if part
        ),
        "members": [person["name"] for person in form.get("members", []) if person.get("name")],
        "acceptance_body": form.get("acceptance_body", ""),
        "accepted_on": form.get("accepted_on", ""),
        "letter": "certificate",
        "ruled_on": clock.today().isoformat(),
    }


def print_batch(limit: int = 5) -> int:
    """Makes the files that are still missing; the stage of the tick `registration.certificates`.

    A file is made outside of any transaction and taken by a conditional UPDATE: of two that were made
    at once one stays, and a certificate that has its file never gets another.
    """
    waiting = list(
        Certificate.objects.filter(file="").select_related("focal_point").order_by("pk")[:limit]
    )
    for certificate in waiting:
        try:
            pdf = certificate_pdf(certificate)
        except PrintingUnavailable as error:
            logger.warning("certificates are not printed", problem=str(error.message))
            return 0
        storage = certificate.file.storage
        name = storage.save(stored_name(certificate, "x.pdf"), ContentFile(pdf))
        taken = Certificate.objects.filter(pk=certificate.pk, file="").update(
            file=name, sha256=hashlib.sha256(pdf).hexdigest()
        )
        if not taken:
            storage.delete(name)
    return len(waiting)
