"""Up to four listings side by side, for anybody; the address says which."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from marketplace.accounts.fronts import front_of
from marketplace.listings.comparison import MOST, Section, chosen_listings, compared


@login_not_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    asked = request.GET.getlist("chon")[: MOST * 5]
    listings = chosen_listings(asked, front_of(request))
    names = [f"{listing.KIND}:{listing.public_id}" for listing in listings]
    only_differences = request.GET.get("khac") == "1" and len(listings) > 1
    return render(
        request,
        "listings/compare.html",
        {
            "columns": [
                {"listing": listing, "remove_url": _address(_less(names, name))}
                for listing, name in zip(listings, names, strict=True)
            ],
            "sections": _shown(compared(listings), only_differences),
            "only_differences": only_differences,
            "can_differ": len(listings) > 1,
            "all_url": _address(names),
            "differences_url": _address(names, differences=True),
            "add_url": f"{_address(names)}&chon=",
            "chosen": names,
            "has_room": 0 < len(listings) < MOST,
            "left_out": len(set(asked)) - len(listings),
        },
    )


def _shown(sections: list[Section], only_differences: bool) -> list[Section]:
    if not only_differences:
        return sections
    kept = [
        Section(section.heading, tuple(row for row in section.rows if row.differs))
        for section in sections
    ]
    return [section for section in kept if section.rows]


def _less(names: list[str], name: str) -> list[str]:
    return [other for other in names if other != name]


def _address(names: list[str], *, differences: bool = False) -> str:
    parts = [("chon", name) for name in names]
    return f"?{urlencode([*parts, ('khac', '1')] if differences else parts)}"
