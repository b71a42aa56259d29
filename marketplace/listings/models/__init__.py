"""Needs, technology offers and equipment: what is posted, curated and matched.

Codes (fields, industries, transfer forms …) are kept as lists of codes of the versioned vocabularies
(`taxonomy`): they belong to the revision, and old rows keep the code they were given.
"""

from marketplace.listings.models.kinds import (
    LISTING_MODELS,
    Equipment,
    Need,
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
    Specification,
)

__all__ = [
    "Attachment",
    "DailyViews",
    "Equipment",
    "EquipmentAttachment",
    "EquipmentPicture",
    "EquipmentSpecification",
    "IpRight",
    "Listing",
    "LISTING_MODELS",
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
    "ReturnReason",
    "ReviewDecision",
    "Specification",
    "TechnologyOffer",
    "TransferListing",
    "curates",
]
