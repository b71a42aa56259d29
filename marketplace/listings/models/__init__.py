"""Needs, technology offers, equipment and services: what is posted, curated and matched.

Codes (fields, industries, transfer forms …) are kept as lists of codes of the versioned vocabularies
(`taxonomy`): they belong to the revision, and old rows keep the code they were given.
"""

from marketplace.listings.models.call_requests import CallRequest
from marketplace.listings.models.catalogues import CatalogueRun
from marketplace.listings.models.kinds import (
    LISTING_MODELS,
    SUPPLY_MODELS,
    Equipment,
    Need,
    NeedQuerySet,
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
    curation_scope,
    public_now,
)
from marketplace.listings.models.records import (
    DailyViews,
    NumberCounter,
    OfferFromResult,
    ReturnReason,
    ReviewDecision,
    ReviewStep,
)
from marketplace.listings.models.reports import ListingReport
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
from marketplace.listings.models.staff_posts import (
    STAFF_POST_TRANSITIONS,
    StaffPost,
    StaffPostState,
    staff_post_terms,
)

__all__ = [
    "Accreditation",
    "Attachment",
    "CallRequest",
    "CatalogueRun",
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
    "ListingReport",
    "ListingStatus",
    "Need",
    "NeedAttachment",
    "NeedPicture",
    "NeedQuerySet",
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
    "ReviewStep",
    "Service",
    "ServiceAccreditation",
    "ServiceAttachment",
    "ServicePicture",
    "ServiceSpecification",
    "STAFF_POST_TRANSITIONS",
    "StaffPost",
    "StaffPostState",
    "Specification",
    "TechnologyOffer",
    "TransferListing",
    "curates",
    "curation_scope",
    "public_now",
    "staff_post_terms",
]
