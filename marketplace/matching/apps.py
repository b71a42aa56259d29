from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "marketplace.matching"
    label = "matching"
    verbose_name = _("Gợi ý kết nối")

    def ready(self) -> None:
        from marketplace.accounts.dependents import register_claim_follow_up
        from marketplace.accounts.merging import register_organization_rows
        from marketplace.matching.likeness import LikenessOfTheExchange
        from marketplace.matching.meaning import register_meaning
        from marketplace.matching.models import Interest, InterestMatch, Match
        from marketplace.matching.services import tell_what_waited
        from marketplace.notifications.kinds import NoticeKind, register_kind
        from marketplace.sources.linking.attachments import register_rows
        from search.semantic import is_installed

        register_claim_follow_up(tell_what_waited)
        register_organization_rows(Interest)
        for record in ("result", "task"):
            register_rows(
                record,
                Match,
                "candidate_id",
                only={"kind": record},
                name=f"{Match._meta.label}.{record}",
            )
        register_rows("need", Match, "need_id")
        register_rows("need", InterestMatch, "candidate_id", only={"kind": "need"})
        if is_installed():
            register_meaning(LikenessOfTheExchange())

        register_kind(NoticeKind("match.need", _("Gợi ý mới cho nhu cầu của bạn"), "match_need"))
        register_kind(
            NoticeKind("interest.matches", _("Điều tổ chức bạn quan tâm"), "interest_matches")
        )
        register_kind(
            NoticeKind("match.supply", _("Nhu cầu mà bạn có thể đáp ứng"), "match_supply")
        )
