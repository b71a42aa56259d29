"""What staff do on the review page, as their browser posts it."""

from marketplace.listings.models import ReturnReason, ReviewDecision


def fresh(listing):
    return type(listing).objects.get(pk=listing.pk)


def review_address(listing) -> str:
    from cms.listings import review_page

    return review_page(listing)


def post_decision(client, listing, decision, *, seen=None, **values):
    data = {"decision": decision}
    data[f"{decision}-seen"] = seen or fresh(listing).latest_revision_id
    if decision == "approve":
        # As a reviewer who has read it and whose grounds go past the lists that are not loaded.
        values = {"standard": "on", "grounds": "Đã tự đối chiếu danh mục."} | values
    data |= {f"{decision}-{name}": value for name, value in values.items()}
    return client.post(review_address(listing), data)


def reason(code="summary-no-figure"):
    return ReturnReason.objects.get(code=code)


def decisions_on(listing):
    return list(
        ReviewDecision.objects.filter(kind=listing.KIND, key=listing.public_id)
        .order_by("pk")
        .values_list("decision", flat=True)
    )


def facts_of(listing):
    """What must not change where somebody was refused."""
    row = fresh(listing)
    state = row.current_workflow_state
    return (
        row.live,
        row.title,
        row.latest_revision_id,
        row.withdrawn_at,
        row.locked,
        state and (state.status, state.current_task_state_id, state.current_task_state.status),
        decisions_on(row),
    )
