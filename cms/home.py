"""What staff see first: what needs a hand now, since when, and where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from cms.goals import service_goals
from cms.notices import review_url
from cms.publications.sign_off import waiting_to_be_signed_by
from cms.queue import heaps, oldest_for, steps_of
from cms.rights import has_right, may_see_index, may_verify
from cms.upkeep import dead_links_for, rights_for
from marketplace.accounts.models import ClaimRequest, Outreach, Verification
from marketplace.cases.models import Case
from marketplace.core import clock
from marketplace.core.models import Lease
from marketplace.deals.models import Deal, Dispute
from marketplace.deals.models.deals import VIEW as VIEW_DEAL
from marketplace.listings.liveness import confirmed_share, liveness_terms
from marketplace.listings.models import LISTING_MODELS, CopiesFound, ListingReport, public_now
from marketplace.listings.services import waiting_for_review, with_copies
from marketplace.matching.models import Match, MatchRun
from marketplace.notifications.models import Delivery, DeliveryState
from marketplace.sources.models import LinkPair
from search.sync import stale_count


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the panel; it leads to the list of what it counts."""

    count: int | str
    label: str | Promise
    url: str
    note: str = ""
    more: str = ""
    is_mine: bool = False
    is_late: bool = False


class TodoPanel(Component):
    """Everything that waits, in a fixed number of queries; what the person may not see is not asked."""

    name = "todo"
    template_name = "cms/home_todo.html"
    order = 10

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "submissions": list(submissions(user)),
            "goal": service_goals().review_working_days,
            "figures": [
                *issues(user),
                *cases(user),
                *copies(user),
                *listings(user),
                *reports(user),
                *upkeep(user),
                *disputes(user),
                *desks(user),
                *faults(user),
            ],
            "waiting": [{"row": row, "url": review_url(row.listing)} for row in oldest_for(user)],
        }


def submissions(user: Any) -> Iterator[Figure]:
    mine = set(steps_of(user).values_list("pk", flat=True))
    for heap in heaps(user):
        late = ngettext("%(n)s bài quá hẹn", "%(n)s bài quá hẹn", heap.late) % {"n": heap.late}
        yield Figure(
            heap.count,
            LISTING_MODELS[heap.kind]._meta.verbose_name,
            f"{list_url(heap.kind)}?step={heap.step_id}",
            note=heap.step,
            more=f"{_oldest(heap.days)}; {late}" if heap.late else _oldest(heap.days),
            is_mine=heap.step_id in mine,
            is_late=heap.late > 0,
        )


def _oldest(days: int) -> str:
    if days < 1:
        return _("gửi hôm nay")
    return ngettext("lâu nhất %(n)s ngày", "lâu nhất %(n)s ngày", days) % {"n": days}


def issues(user: Any) -> Iterator[Figure]:
    """Publication issues that wait for this person's signature."""
    waiting = waiting_to_be_signed_by(user)
    if waiting:
        alone = reverse("wagtailadmin_pages:edit", args=[waiting[0].revision.object_id])
        days = (clock.now() - waiting[0].started_at).days
        yield Figure(
            len(waiting),
            _("Số ấn phẩm chờ bạn ký"),
            alone
            if len(waiting) == 1
            else f"{reverse('wagtailadmin_reports:workflow')}?reviewable=true",
            more=_oldest(days),
            is_mine=True,
        )


def cases(user: Any) -> Iterator[Figure]:
    if not has_right(user, "view", Case):
        return
    seen, desk = Case.objects.curated_by(user), reverse("cases:index")
    kept = {
        "mine": seen.due().filter(officer=user),
        "nobody": seen.unassigned(),
        "idle": seen.idle(),
    }
    found = seen.aggregate(
        **{name: Count("pk", filter=Q(pk__in=rows.values("pk"))) for name, rows in kept.items()}
    )
    yield Figure(
        found["mine"], _("Hồ sơ của tôi hôm nay"), f"{desk}?heap=today", is_mine=found["mine"] > 0
    )
    if found["nobody"]:
        yield Figure(found["nobody"], _("Hồ sơ chưa giao ai"), f"{desk}?heap=nobody", is_late=True)
    if found["idle"]:
        yield Figure(found["idle"], _("Hồ sơ để lâu không ai làm"), f"{desk}?heap=idle")


def copies(user: Any) -> Iterator[Figure]:
    """Submissions that are like a listing which is there already."""
    found = set(CopiesFound.objects.filter(count__gt=0).values_list("kind", flat=True))
    for kind, model in LISTING_MODELS.items():
        if kind not in found or not has_right(user, "view", model):
            continue
        seen = model.objects.curated_by(user).filter(pk__in=waiting_for_review(model).values("pk"))
        if count := with_copies(seen, kind).count():
            yield Figure(
                count,
                str(model._meta.verbose_name).capitalize(),
                f"{list_url(kind)}?state=copies",
                note=_("Chờ duyệt, giống tin khác"),
            )


def listings(user: Any) -> Iterator[Figure]:
    """What ends soon or waits for its owner's word, a kind at a time; and how many listings hold."""
    soon = clock.today() + timedelta(days=liveness_terms().ends_soon_days)
    readable = {k: m for k, m in LISTING_MODELS.items() if has_right(user, "view", m)}
    for kind, model in readable.items():
        found = model.objects.curated_by(user).aggregate(
            soon=Count("pk", filter=public_now() & Q(valid_until__lte=soon)),
            hidden=Count("pk", filter=Q(live=True, withdrawn_at=None, suspended_at__isnull=False)),
        )
        name = str(model._meta.verbose_name).capitalize()
        if found["soon"]:
            yield Figure(
                found["soon"],
                name,
                f"{list_url(kind)}?state=ends_soon",
                note=_("Sắp hết hạn hiển thị"),
            )
        if found["hidden"]:
            yield Figure(
                found["hidden"],
                name,
                f"{list_url(kind)}?state=suspended",
                note=_("Tạm ẩn vì chủ tin chưa xác nhận"),
            )
    if readable:
        share = confirmed_share(user)
        if share.percent is not None:
            yield Figure(
                f"{share.percent}%",
                _("Tin đang hiển thị còn đúng"),
                f"{list_url(next(iter(readable)))}?state=unconfirmed",
                note=_("chủ tin xác nhận trong %(days)s ngày qua") % {"days": share.days},
                more=f"{share.confirmed}/{share.shown}",
            )


def reports(user: Any) -> Iterator[Figure]:
    """What readers and authorities say of listings; an authority's hours run whoever is there."""
    if not has_right(user, "view", ListingReport):
        return
    found = ListingReport.objects.open().aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=clock.now())),
        asked=Count("pk", filter=Q(source=ListingReport.Source.AUTHORITY)),
    )
    if found["open"]:
        late = ngettext("%(n)s quá hạn", "%(n)s quá hạn", found["late"]) % {"n": found["late"]}
        asked = ngettext(
            "%(n)s yêu cầu của cơ quan nhà nước",
            "%(n)s yêu cầu của cơ quan nhà nước",
            found["asked"],
        ) % {"n": found["asked"]}
        yield Figure(
            found["open"],
            _("Phản ánh về tin đăng"),
            reverse("reader_reports"),
            note=asked if found["asked"] else "",
            more=late if found["late"] else "",
            is_mine=has_right(user, "change", ListingReport),
            is_late=bool(found["late"] or found["asked"]),
        )


def upkeep(user: Any) -> Iterator[Figure]:
    links, rights = dead_links_for(user).count(), rights_for(user)
    lapsed = sum(one.stage == "lapsed" for one in rights)
    if links:
        yield Figure(links, _("Đường dẫn hỏng trong tin"), reverse("upkeep"))
    if rights:
        said = ngettext("%(n)s đã hết hiệu lực", "%(n)s đã hết hiệu lực", lapsed) % {"n": lapsed}
        yield Figure(
            len(rights),
            _("Bằng, đơn sắp hết hạn hoặc thiếu ngày"),
            reverse("upkeep"),
            more=said if lapsed else "",
            is_late=lapsed > 0,
        )


def disputes(user: Any) -> Iterator[Figure]:
    if not has_right(user, "view", Deal):
        return
    found = (
        Dispute.objects.curated_by(user, VIEW_DEAL)
        .open()
        .aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=clock.today())))
    )
    if found["open"]:
        late = ngettext("%(n)s quá hạn", "%(n)s quá hạn", found["late"]) % {"n": found["late"]}
        yield Figure(
            found["open"],
            _("Khiếu nại trong giao dịch"),
            reverse("disputes"),
            more=late if found["late"] else "",
            is_mine=has_right(user, "change", Deal),
            is_late=found["late"] > 0,
        )


def desks(user: Any) -> Iterator[Figure]:
    if has_right(user, "view", Match):
        unmet = MatchRun.objects.unmet().count()
        if unmet:
            yield Figure(
                unmet, _("Nhu cầu chưa có gợi ý đủ tốt"), f"{reverse('match_desk')}?loc=chua-co"
            )
        held = Match.objects.held().count()
        if held:
            yield Figure(held, _("Gợi ý chờ xem trước khi gửi"), reverse("waiting_matches"))
    if has_right(user, "view", LinkPair):
        pairs = LinkPair.objects.filter(state=LinkPair.State.WAITING).count()
        if pairs:
            yield Figure(
                pairs, _("Bản ghi có thể trùng"), f"{reverse('duplicates:index')}?state=waiting"
            )
    if has_right(user, "view", Outreach):
        today = Q(next_action_on__lte=clock.today()) | Q(next_action_on=None, state="open")
        found = Outreach.objects.open().aggregate(open=Count("pk"), due=Count("pk", filter=today))
        due = ngettext("%(n)s hồ sơ cần làm hôm nay", "%(n)s hồ sơ cần làm hôm nay", found["due"])
        yield Figure(
            found["open"],
            _("Hồ sơ liên hệ đang mở"),
            f"{reverse('outreach:index')}?open=open",
            note=due % {"n": found["due"]},
        )
    if may_verify(user):
        waiting = Verification.objects.waiting().count()
        if waiting:
            yield Figure(
                waiting,
                _("Hồ sơ xác minh"),
                reverse("verifications:index"),
                note=_("Chờ đối chiếu với giấy tờ"),
                is_mine=True,
            )
        claims = ClaimRequest.objects.open().count()
        if claims:
            yield Figure(
                claims,
                _("Đề nghị nhận hồ sơ"),
                reverse("claims:index"),
                note=_("Kèm bằng chứng"),
                is_mine=True,
            )


def faults(user: Any) -> Iterator[Figure]:
    if has_right(user, "view", Delivery):
        dead = Delivery.objects.filter(state=DeliveryState.DEAD).count()
        if dead:
            yield Figure(
                dead,
                _("Thư không gửi được"),
                reverse("dead_letters:index"),
                note=_("Xem lỗi và gửi lại"),
                is_late=True,
            )
    if may_see_index(user):
        behind = stale_count()
        ended = (
            Lease.objects.filter(name="search.sync").values_list("last_run_at", flat=True).first()
        )
        if behind and ended:
            minutes = int((clock.now() - ended).total_seconds() // 60)
            said = ngettext("chậm %(n)s phút", "chậm %(n)s phút", minutes) % {"n": minutes}
            yield Figure(
                behind,
                _("Bản ghi chờ vào chỉ mục tìm kiếm"),
                reverse("search_index"),
                note=said,
                is_late=minutes > 0,
            )


def list_url(kind: str) -> str:
    options = LISTING_MODELS[kind]._meta
    return reverse(f"wagtailsnippets_{options.app_label}_{options.model_name}:list")
