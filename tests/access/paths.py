"""Which row an address is asked for: its arguments, from the rows of `world`."""

import re
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse

from marketplace.accounts.invitation_tokens import token_of
from marketplace.listings.liveness import renewal_url
from marketplace.listings.staff_links import answer_url
from marketplace.notifications.saved_searches import stop_token
from tests.access.world import key_of
from tests.addresses import Address, addresses

SNIPPETS = re.compile(r"wagtailsnippet(?:s|choosers)_listings_(\w+):(\w+)")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@cache
def names() -> dict[str, Address]:
    """Every address of the exchange once, by the name that the matrix has for it."""
    found: dict[str, Address] = {}
    for address in addresses():
        found.setdefault(address.name or address.pattern, address)
    return found


class Paths:
    """Leads to a row that is there."""

    def __init__(self, world: Any) -> None:
        self.world, self.table, self.known = world, arguments(world), dict[str, str]()

    def __call__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = _path(names()[name], self.table, self.world)
        return self.known[name]


def _path(address: Address, table: dict[str, list[Any]], world: Any) -> str:
    needed = len(PARAMETER.findall(address.pattern))
    if not address.name:
        # Old addresses of listings, without the title.
        kinds = {
            "nhu-cau": world.need,
            "cong-nghe": world.offer,
            "thiet-bi": world.equipment,
            "dich-vu": world.service,
        }
        first = address.pattern.partition("/")[0]
        return f"/{first}/{kinds[first].public_id}/" if needed else address.path
    given = _given(address, table, world)
    if not (needed or given):
        return address.path
    try:
        return reverse(address.name, args=given)
    except NoReverseMatch as error:
        raise LookupError(
            f"{address.name} ({address.pattern}) is asked for with {given}: "
            "say in tests/access/paths.py which row of tests/access/world.py it names"
        ) from error


def _given(address: Address, table: dict[str, list[Any]], world: Any) -> list[Any]:
    if found := SNIPPETS.match(address.name):
        return _of_snippet(found[1], found[2], world) if "<" in address.pattern else []
    if address.name in table:
        return table[address.name]
    if "<" not in address.pattern:
        return []
    space = address.name.rpartition(":")[0]
    if space in table:
        return table[space]
    model = model_of(address.view)
    row = model._base_manager.order_by("pk").first() if model else None
    return [row.pk] if row else []


def model_of(view: Any) -> Any:
    """The model of a view of Wagtail's."""
    while view is not None:
        given = getattr(view, "view_initkwargs", None)
        if given is not None:
            found = given.get("model") or getattr(view.view_class, "model", None)
            return found if hasattr(found, "_base_manager") else None
        view = getattr(view, "__wrapped__", None)
    return None


def _of_snippet(model: str, name: str, world: Any) -> list[Any]:
    row = {
        "need": world.submission,
        "technologyoffer": world.offer,
        "equipment": world.equipment,
        "service": world.service,
    }[model]
    step = world.review_step
    more = {
        "revisions_view": [row.latest_revision_id],
        "revisions_revert": [row.latest_revision_id],
        "revisions_compare": ["live", row.latest_revision_id],
        "revisions_unschedule": [row.latest_revision_id],
        "workflow_action": ["approve", step.pk],
        "collect_workflow_action_data": ["approve", step.pk],
        "workflow_history_detail": [step.workflow_state_id],
        "workflow_preview": [step.task_id],
        "attachment": [key_of(row)],
    }
    return [row.pk, *more.get(name, [])]


def arguments(w: Any) -> dict[str, list[Any]]:
    """By the name of the address, or of all addresses of its namespace."""
    listing = ["need", w.need.public_id]
    dossier = {state: [row.public_id] for state, row in w.dossiers.items()}
    registered, draft = w.dossiers["registered"], w.dossiers["draft"]
    year = [w.ministry.slug, w.plan.year]
    duty = [w.duty.public_id]
    letter, visit = [w.letter.public_id], [w.visit.public_id]
    page, snippet = [w.page.pk], ["listings", "need"]
    file = [registered.public_id, registered.files.order_by("pk").first().key]
    return {
        "account_reset_password_from_key": ["1", "x-y"],
        "accounts": [w.organization.public_id],
        "accounts:answer_for_invitation": [w.organization.public_id, w.invitation.public_id],
        "accounts:answer_invitation": [w.invitation.public_id],
        "accounts:answer_join_request": [w.organization.public_id, w.join_request.public_id],
        "accounts:change_role": [w.organization.public_id, w.colleague.reference],
        "accounts:claim": [w.claim],
        "accounts:join_by_letter": [token_of(w.invitation)],
        "accounts:remove_member": [w.organization.public_id, w.colleague.reference],
        "accounts:transfer": [w.transfer.public_id],
        "accounts:withdraw_join_request": [w.join_request.public_id],
        "accounts:evidence_file": [w.paper.public_id],
        "accounts:edit_organization": [w.organization.public_id],
        "accounts:organization": ["x", w.organization.public_id],
        "accounts:request_claim": [w.unclaimed.public_id],
        "add_match": [w.need.pk],
        "api:download": ["x.jsonl.gz"],
        "api:listings": ["need"],
        "api:push_record": ["A1"],
        "api:public_list": ["need"],
        "api:public_record": ["need", w.need.public_id],
        "api_pages:organization_keys": [w.organization.public_id],
        "ask_for_index_run": ["check"],
        "assignment_rules": [w.assignment_rule.pk],
        "cases": [w.case.pk],
        "cases:undo": [w.hand_over.pk],
        "claims": [w.claim_request.pk],
        "compliance:add_finding": visit,
        "compliance:add_visit": year,
        "compliance:approve_plan": year,
        "compliance:cancel_visit": visit,
        "compliance:close_year": year,
        "compliance:draft_all": [w.ministry.slug],
        "compliance:draft_letter": [w.organization.public_id],
        "compliance:drop_letter": letter,
        "compliance:excuse": duty,
        "compliance:follow_up": [w.finding.public_id],
        "compliance:letter": letter,
        "compliance:letter_document": letter,
        "compliance:minutes_file": visit,
        "compliance:number_letter": letter,
        "compliance:plan": year,
        "compliance:record_minutes": visit,
        "compliance:reopen": duty,
        "compliance:report": [w.report.public_id],
        "compliance:start_plan": [w.ministry.slug],
        "compliance:state_acceptance": duty,
        "compliance:take_back_plan": year,
        "compliance:unit": [w.organization.public_id],
        "compliance:visit": visit,
        "compliance:yearly_document": year,
        "compliance:yearly_report": year,
        "compliance:yearly_workbook": year,
        "connected_sites": [w.connected_site.pk],
        "sitemap": ["need"],
        "correct_application": [w.application.public_id],
        "correct_result": [w.result.public_id],
        "correct_task": [w.task.public_id],
        "dashboard:listing": listing,
        "data_sources": [w.source.pk],
        "dead_letters": [w.delivery.pk],
        "deals": [w.expression.public_id],
        "deals:deal": [w.deal.public_id],
        "deals:express": ["offer", w.offer.public_id],
        "demo:mail": ["x"],
        "experts:expert": ["x", w.expert.public_id],
        "focal_points": [w.ministry.pk],
        "imports": [w.run.pk],
        "imports:file": [w.upload.public_id],
        "join_requests": [w.join_request.pk],
        "judge": [w.pool.public_id],
        "listings": listing,
        "listings:attachment": [*listing, key_of(w.need)],
        "listings:edit": [*listing, "tieu-de"],
        "listings:equipment": ["x", w.equipment.public_id],
        "listings:blank_form": ["h", "docx"],
        "listings:filled_form": [*listing, "h", "docx"],
        "listings:firm_answer": [answer_url(w.staff_post).split("/")[-2]],
        "listings:firm_look": [answer_url(w.staff_post).split("/")[-2]],
        "listings:need": ["x", w.need.public_id],
        "listings:offer": ["x", w.offer.public_id],
        "listings:offer_from_result": [w.result.public_id],
        "listings:renew": [renewal_url(w.need, w.maker).split("/")[-2]],
        "listings:service": ["x", w.service.public_id],
        "listings:picture": [*listing, "x"],
        "mandates:ask": [w.organization.public_id],
        "mandates:mandate": [w.mandate.public_id],
        "matching": [w.match.public_id],
        "matching:pass_many": [w.need.public_id],
        "matching:pass_supply": [w.supply_match.public_id],
        "matching:staff_look": [w.organization.public_id],
        "matching:take_back_supply": [w.supply_match.public_id],
        "matching:change_interest": [w.interest.public_id],
        "matching:delete_interest": [w.interest.public_id],
        "matching:exclude_by_interest": [w.interest.public_id, w.match.public_id],
        "matching:interest": [w.interest.public_id],
        "matching:pause_interest": [w.interest.public_id],
        "matching:restore_interest": [w.interest.public_id],
        "matching:resume_interest": [w.interest.public_id],
        "merge_organization": [w.organization.pk],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "need_matches": [w.need.pk],
        "notifications": [w.search.public_id],
        "notifications:open": [w.notice.pk],
        "notifications:stop_saved_search": [stop_token(w.search)],
        "notifications:unsubscribe": [w.unsubscribe],
        "openid_connect_callback": ["x"],
        "openid_connect_login": ["x"],
        "organizations": [w.organization.pk],
        "people": [w.person.pk],
        "pool_need": [w.need.pk],
        "public_file": ["00/" + "0" * 32 + ".png"],
        "publish_result": [w.result.pk],
        "registration": [registered.public_id],
        "registration:accept": dossier["in_review"],
        "registration:answer_copy": [registered.public_id, w.copy.public_id],
        "registration:begin": dossier["submitted"],
        "registration:confirm_task_report": [w.task_report.public_id],
        "registration:copy": [registered.public_id, w.copy.public_id],
        "registration:desk_file": file,
        "registration:desk_form_paper": [registered.public_id, "form-5", "pdf"],
        "registration:desk_task_report": [w.task_report.public_id],
        "registration:edit": [draft.public_id, "nhiem-vu"],
        "registration:file": file,
        "registration:files": dossier["draft"],
        "registration:form_paper": [registered.public_id, "form-5", "pdf"],
        "registration:issue": dossier["accepted"],
        "registration:mend_task_report": [w.task_report.public_id],
        "registration:recall": dossier["submitted"],
        "registration:refuse": dossier["in_review"],
        "registration:return_task_report": [w.task_report.public_id],
        "registration:review": dossier["draft"],
        "registration:send_back": dossier["in_review"],
        "registration:start": [w.task.public_id],
        "registration:submit": dossier["draft"],
        "registration:take_back": dossier["accepted"],
        "registration:task_report": [w.task_report.public_id],
        "registration:verify": [w.certificate.code],
        "registration:withdraw": dossier["draft"],
        "registration:withdraw_task_report": [w.task_report.public_id],
        "research": [w.full_text.public_id],
        "research:attachment": [w.attachment.public_id],
        "research:citation": [w.result.public_id, "bib"],
        "research:field": ["401"],
        "research:full_text_ask": [w.attachment.public_id],
        "research:person": ["x", w.person.public_id],
        "research:programme": ["x", w.programme.public_id],
        "research:result": ["x", w.result.public_id],
        "research:result_numbered": [w.result.archive_number],
        "research:task": ["x", w.task.public_id],
        "research:task_numbered": [w.task.code],
        "rule_books": [w.book.pk],
        "rule_books:entry": [w.book.pk, "register"],
        "set_staff_look": [w.organization.pk],
        "settle": [w.pool.public_id],
        "sharing": [w.agreement.pk],
        "simple_translation:submit_page_translation": page,
        "simple_translation:submit_snippet_translation": [*snippet, w.need.pk],
        "sources:source": [w.source.slug],
        "staff_posts": [w.staff_post.pk],
        "suppress_matches": [w.need.pk],
        "tasks": [w.task.pk],
        "taxonomy:crosswalk": ["x"],
        "taxonomy:vocabulary": ["x"],
        "undo_organization_merge": [w.joined.pk],
        "undo_decision": [w.decision.pk],
        "upload_to_result": [w.result.pk],
        "upload_to_task": [w.task.pk],
        "verifications": [w.verification.pk],
        "verifications:evidence": [w.paper.public_id],
        "wagtail_bulk_action": [*snippet, "delete"],
        "wagtail_serve": ["ve-san/"],
        "wagtailadmin_api:documents": [w.document.pk],
        "wagtailadmin_api:images": [w.image.pk],
        "wagtailadmin_api:pages": page,
        "wagtailadmin_api:pages:action": [w.page.pk, "copy"],
        "wagtailadmin_api:pages:detail": page,
        "wagtailadmin_api:documents:detail": [w.document.pk],
        "wagtailadmin_api:images:detail": [w.image.pk],
        "wagtailadmin_choose_page_child": page,
        "wagtailadmin_collections:edit": [w.collection.pk],
        "wagtailadmin_collections:delete": [w.collection.pk],
        "wagtailadmin_collections:set_privacy": [w.collection.pk],
        "wagtailadmin_editing_sessions:ping": [*snippet, str(w.need.pk), 1],
        "wagtailadmin_editing_sessions:release": [1],
        "wagtailadmin_explore": page,
        "wagtailadmin_explore_results": page,
        "wagtailadmin_pages": page,
        "wagtailadmin_pages:add": ["cms", "contentpage", w.page.pk],
        "wagtailadmin_pages:preview_on_add": ["cms", "contentpage", w.page.pk],
        "wagtailadmin_pages:type_use": ["cms", "contentpage"],
        "wagtailadmin_pages:type_use_results": ["cms", "contentpage"],
        "wagtailadmin_pages:choose_parent": ["cms", "contentpage"],
        "wagtailadmin_pages:collect_workflow_action_data": [w.page.pk, "approve", 1],
        "wagtailadmin_pages:workflow_action": [w.page.pk, "approve", 1],
        "wagtailadmin_pages:workflow_preview": [w.page.pk, 1],
        "wagtailadmin_pages:workflow_history_detail": [w.page.pk, 1],
        "wagtailadmin_pages:move_confirm": [w.page.pk, w.page.get_parent().pk],
        "wagtailadmin_pages:revisions_compare": [w.page.pk, "live", w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_revert": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_unschedule": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_view": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_password_reset_confirm": ["x", "y"],
        "wagtailadmin_tag_model_autocomplete": ["taggit", "tag"],
        "wagtailadmin_workflows": [w.workflow.pk],
        "wagtailadmin_workflows:add_task": ["cms", "reviewtask"],
        "wagtailadmin_workflows:disable_task": [w.review_step.task_id],
        "wagtailadmin_workflows:edit_task": [w.review_step.task_id],
        "wagtailadmin_workflows:enable_task": [w.review_step.task_id],
        "wagtailadmin_workflows:remove": [w.page.pk],
        "wagtailadmin_workflows:task_chosen": [w.review_step.task_id],
        "wagtaildocs": [w.document.pk],
        "wagtaildocs_chooser": [w.document.pk],
        "wagtaildocs_serve": [w.document.pk, "x.pdf"],
        "wagtailimages": [w.image.pk],
        "wagtailimages_chooser": [w.image.pk],
        "wagtailimages:preview": [w.image.pk, "width-100"],
        "wagtailusers_users": [w.people["curator"].pk],
        "privacy:consent": ["surveys"],
        "privacy:copy": [w.data_copy.public_id],
        "subject_requests": [w.subject_request.pk],
        "withdraw_result": [w.result.pk],
        "withdraw_task": [w.task.pk],
    }
