"""Sample lists of prohibited and restricted technology, so that the desk can be tried: the official tables
are loaded by the agency (`load_vocabularies`). Each says of itself that it is a sample."""

from datetime import date

from marketplace.demo.records import FOLDER
from marketplace.listings.examining.technology import PROHIBITED, RESTRICTED
from marketplace.taxonomy.services import load_vocabulary
from marketplace.taxonomy.shipped import VocabularyData, read_terms


def seed_technology_lists() -> int:
    """How many entries they have."""
    labels = {
        PROHIBITED: ("Công nghệ cấm chuyển giao (danh mục mẫu)", "Prohibited technology (sample)"),
        RESTRICTED: (
            "Công nghệ hạn chế chuyển giao (danh mục mẫu)",
            "Restricted technology (sample)",
        ),
    }
    count = 0
    for scheme, (label_vi, label_en) in labels.items():
        edition = VocabularyData(
            code=f"{scheme}-sample",
            scheme=scheme,
            label_vi=label_vi,
            label_en=label_en,
            status="own",
            edition="mẫu",
            source="Dữ liệu mẫu của bản dùng thử, không phải danh mục của Chính phủ",
            valid_from=date(2026, 1, 1),
        )
        terms = read_terms(FOLDER / f"{scheme}.tsv")
        load_vocabulary(edition, terms=terms, shipped=False)
        count += len(terms)
    return count
