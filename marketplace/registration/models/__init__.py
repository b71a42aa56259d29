"""Registration of results: rules, who registers, dossiers and certificates."""

from marketplace.registration.models.certificates import (
    Certificate,
    CertifiedCopy,
    NumberCounter,
)
from marketplace.registration.models.dossiers import (
    Dossier,
    DossierEntry,
    DossierFile,
    DossierQuerySet,
)
from marketplace.registration.models.focal_points import (
    FocalOfficer,
    FocalPoint,
    FocalPointQuerySet,
)
from marketplace.registration.models.rules import RuleBook

__all__ = [
    "Certificate",
    "CertifiedCopy",
    "Dossier",
    "DossierEntry",
    "DossierFile",
    "DossierQuerySet",
    "FocalOfficer",
    "FocalPoint",
    "FocalPointQuerySet",
    "NumberCounter",
    "RuleBook",
]
