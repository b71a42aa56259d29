"""What staff decided about a match, for its card and its mails."""

from django.utils.translation import gettext as _

from marketplace.matching.models import Curation, Match

Act = Curation.Act


def staff_note(match: Match) -> str:
    """Why staff keep the match; empty where no decision keeps it."""
    curation = match.curation
    return curation.note if curation is not None and curation.keeps else ""


def staff_words(match: Match) -> dict[str, str] | None:
    """Who of the exchange stands for the match, as a kind and never by name, and why."""
    curation = match.curation
    if curation is None or not curation.keeps:
        return None
    labels = {
        Act.ADD: _("Cán bộ sàn đề xuất"),
        Act.PIN: _("Cán bộ sàn ghim lên đầu"),
        Act.CONFIRM: _("Cán bộ sàn đã xác nhận"),
    }
    return {"label": labels[Act(curation.act)], "note": curation.note}
