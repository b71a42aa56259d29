"""Two needs of one organisation that ask for the same: joined into one, and taken apart again.

Entry points authorize.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.accounts.models import User
from marketplace.core import clock
from marketplace.core.errors import DomainError, InvalidTransition
from marketplace.core.ticks import kick
from marketplace.listings.models import Need, NeedMerge
from marketplace.listings.notices import NEED_MERGED
from marketplace.listings.services.rows import posters, record, reread
from marketplace.listings.services.shown import withdraw
from marketplace.notifications.services import notify
from marketplace.sources.linking.attachments import attachment, attachments_of

#: What hangs on a need is registered under this name (`sources.linking.attachments`).
NEEDS = "need"


def ensure_mergeable(duplicate: Need, survivor: Need) -> None:
    """Raises DomainError where the two cannot become one, or not in this direction."""
    if duplicate.pk == survivor.pk:
        raise DomainError(_("Chọn hai nhu cầu khác nhau."))
    if duplicate.organization_id != survivor.organization_id:
        # Who wrote to the one never agreed to be read by the other.
        raise DomainError(_("Hai nhu cầu của hai tổ chức khác nhau. Chỉ gộp khi là một tổ chức."))
    if not survivor.is_public:
        raise DomainError(_("Nhu cầu được giữ phải đang hiển thị."))
    if duplicate.withdrawn_at is not None:
        raise DomainError(_("Nhu cầu bị gộp đã được rút."))


@transaction.atomic
def merge_needs(*, duplicate: Need, survivor: Need, by: User) -> NeedMerge:
    """What the duplicate has gathered (suggestions and their answers, letters of interest, who watches)
    goes on under the survivor; its page leads there. Its people are told."""
    gone, kept = _locked(duplicate.pk, survivor.pk)
    ensure_mergeable(gone, kept)
    live = gone.live_revision_id if gone.live else None
    moved = {one.name: one.move(gone.pk, kept.pk) for one in attachments_of(NEEDS)}
    withdraw(
        gone,
        by=by,
        reason=_("Gộp vào %(number)s %(title)s")
        % {"number": kept.display_number, "title": kept.title},
    )
    merge = NeedMerge.objects.create(
        duplicate=gone,
        survivor=kept,
        moved={name: data for name, data in moved.items() if data},
        live_revision=live,
        merged_by=by,
    )
    _follow(kept, by=by)
    record("merged", gone, by, into=kept.public_id)
    _tell(merge, undone=False)
    return merge


@transaction.atomic
def undo_need_merge(merge: NeedMerge, *, by: User, reason: str) -> None:
    """Both are what they were; what came to the survivor since stays with it. What waited for review
    when it was merged is a draft again, which its owner submits.

    Raises:
        DomainError: no reason, or the survivor was merged further, which is to be undone first.
        InvalidTransition: it was undone already, or the duplicate was brought back by its owner.
    """
    if not reason.strip():
        raise DomainError(_("Hãy ghi lý do tách."))
    gone, kept = _locked(merge.duplicate_id, merge.survivor_id)
    if NeedMerge.objects.standing().filter(duplicate=kept).exists():
        raise DomainError(
            _("Nhu cầu được giữ sau đó đã gộp vào nhu cầu khác. Hãy tách lần đó trước.")
        )
    standing = NeedMerge.objects.standing().filter(pk=merge.pk)
    if not standing.update(undone_at=clock.now(), undone_by=by, undo_reason=reason.strip()[:300]):
        raise InvalidTransition(_("Lần gộp này đã được tách."))
    merge.refresh_from_db()
    for name, data in merge.moved.items():
        known = attachment(NEEDS, name)
        if known is None:
            raise DomainError(_("Không tách được: dữ liệu “%(name)s” không còn.") % {"name": name})
        known.take_back(data, gone.pk, kept.pk)
    if gone.withdrawn_at is not None:
        _show_again(gone, merge, by=by)
    _follow(kept, by=by)
    record("merge_undone", gone, by, into=kept.public_id)
    _tell(merge, undone=True)


def merged_into(need: Need) -> Need | None:
    """Where the page of a merged need leads: the last survivor of a chain, while it is shown."""
    at, seen = need, {need.pk}
    while True:
        merge = NeedMerge.objects.standing().filter(duplicate=at).select_related("survivor").first()
        if merge is None or merge.survivor_id in seen:
            break
        at = merge.survivor
        seen.add(at.pk)
    return at if at.pk != need.pk and at.is_public else None


def _show_again(gone: Need, merge: NeedMerge, *, by: User) -> None:
    Need.objects.filter(pk=gone.pk).update_content(
        withdrawn_at=None, withdrawal_reason="", withdrawal_code=""
    )
    if merge.live_revision is None:
        return
    row = Need.objects.get(pk=gone.pk)
    revision = row.revisions.filter(pk=merge.live_revision).first()
    if revision is not None:
        revision.publish(user=by, log_action=False)


def _follow(kept: Need, *, by: User) -> None:
    """The survivor is matched anew: rows of the other have come to it, or left."""
    Need.objects.filter(pk=kept.pk).raise_content_version()
    kick("search.sync")
    kick("matching.run")


def _tell(merge: NeedMerge, *, undone: bool) -> None:
    gone, kept = reread(merge.duplicate), reread(merge.survivor)
    for person in {one.pk: one for row in (gone, kept) for one in posters(row, None)}.values():
        notify(
            kind=NEED_MERGED,
            recipient=person,
            dedupe_key=f"{NEED_MERGED}:{merge.public_id}:{'undone' if undone else 'merged'}",
            context={
                "title": gone.draft_title or gone.title,
                "number": gone.display_number,
                "into": kept.title,
                "into_number": kept.display_number,
                "undone": undone,
            },
            url=gone.owner_url if undone else kept.owner_url,
        )


def _locked(gone: int, kept: int) -> tuple[Need, Need]:
    """Both rows, held in one order whoever is merged into whom."""
    rows = Need.objects.select_for_update(of=("self",)).filter(pk__in=[gone, kept])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[gone], found[kept]
