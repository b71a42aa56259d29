"""Needs, technology offers, equipment and services: what is posted, curated and matched.

Codes (fields, industries, transfer forms …) are kept as lists of codes of the versioned vocabularies
(`taxonomy`): they belong to the revision, and old rows keep the code they were given.
"""

from marketplace.listings.models.kinds import (
    LISTING_MODELS,
    SUPPLY_MODELS,
    Equipment,
    Need,
    PricedListing,
    Service,
    TechnologyOffer,
    TransferListing,
)
from marketplace.listings.models.listing import (
    Listing,
    ListingQuerySet,
    ListingStatus,
    curates,
)
from marketplace.listings.models.records import (
    DailyViews,
    NumberCounter,
    OfferFromResult,
    ReturnReason,
    ReviewDecision,
)
from marketplace.listings.models.rows import (
    Accreditation,
    Attachment,
    EquipmentAttachment,
    EquipmentPicture,
    EquipmentSpecification,
    IpRight,
    NeedAttachment,
    NeedPicture,
    NeedSpecification,
    OfferAttachment,
    OfferIpRight,
    OfferPicture,
    OfferSpecification,
    Picture,
    ServiceAccreditation,
    ServiceAttachment,
    ServicePicture,
    ServiceSpecification,
    Specification,
)

__all__ = [
    "Accreditation",
    "Attachment",
    "DailyViews",
    "Equipment",
    "EquipmentAttachment",
    "EquipmentPicture",
    "EquipmentSpecification",
    "IpRight",
    "Listing",
    "LISTING_MODELS",
    "SUPPLY_MODELS",
    "ListingQuerySet",
    "ListingStatus",
    "Need",
    "NeedAttachment",
    "NeedPicture",
    "NeedSpecification",
    "NumberCounter",
    "OfferAttachment",
    "OfferFromResult",
    "OfferIpRight",
    "OfferPicture",
    "OfferSpecification",
    "Picture",
    "PricedListing",
    "ReturnReason",
    "ReviewDecision",
    "Service",
    "ServiceAccreditation",
    "ServiceAttachment",
    "ServicePicture",
    "ServiceSpecification",
    "Specification",
    "TechnologyOffer",
    "TransferListing",
    "curates",
]
