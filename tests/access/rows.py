"""By the name of an address, or of all addresses of its namespace: which rows of `world` it is asked for."""

from typing import Any

from django.core import signing
from wagtail.models import Site

from cms.publications.subscribing import CONFIRM_SALT, STOP_SALT
from marketplace.accounts.invitation_tokens import token_of
from marketplace.accounts.models import Exchange
from marketplace.listings.liveness import renewal_url
from marketplace.listings.staff_links import answer_url
from marketplace.notifications.saved_searches import stop_token
from tests.access.world import key_of

Rows = dict[str, list[Any]]


def arguments(w: Any) -> Rows:
    found: Rows = {}
    for room in (
        of_people,
        of_listings,
        of_registration,
        of_compliance,
        of_records,
        of_the_desk,
        pages_of_the_admin,
    ):
        found |= room(w)
    return found


def of_people(w: Any) -> Rows:
    """Accounts, organisations, brokers, experts, keys, personal data, notices."""
    return {
        "account_reset_password_from_key": ["1", "x-y"],
        "accounts": [w.organization.public_id],
        "accounts:answer_for_invitation": [w.organization.public_id, w.invitation.public_id],
        "accounts:answer_invitation": [w.invitation.public_id],
        "accounts:answer_join_request": [w.organization.public_id, w.join_request.public_id],
        "accounts:change_role": [w.organization.public_id, w.colleague.reference],
        "accounts:claim": [w.claim],
        "accounts:edit_organization": [w.organization.public_id],
        "accounts:evidence_file": [w.paper.public_id],
        "accounts:join_by_letter": [token_of(w.invitation)],
        "accounts:organization": ["x", w.organization.public_id],
        "accounts:remove_member": [w.organization.public_id, w.colleague.reference],
        "accounts:request_claim": [w.unclaimed.public_id],
        "accounts:transfer": [w.transfer.public_id],
        "accounts:withdraw_join_request": [w.join_request.public_id],
        "api:download": ["x.jsonl.gz"],
        "api:listings": ["need"],
        "api:public_list": ["need"],
        "api:public_record": ["need", w.need.public_id],
        "api:push_record": ["A1"],
        "api_pages:organization_keys": [w.organization.public_id],
        "experts:expert": ["x", w.expert.public_id],
        "mandates:ask": [w.organization.public_id],
        "mandates:mandate": [w.mandate.public_id],
        "mfa_edit_webauthn": [1],
        "mfa_remove_webauthn": [1],
        "notifications": [w.search.public_id],
        "notifications:open": [w.notice.pk],
        "notifications:stop_saved_search": [stop_token(w.search)],
        "notifications:unsubscribe": [w.unsubscribe],
        "publications:confirm": [signing.dumps(w.subscription.public_id, salt=CONFIRM_SALT)],
        "publications:open": [w.sending.public_id],
        "publications:stop": [signing.dumps(w.subscription.public_id, salt=STOP_SALT)],
        "openid_connect_callback": ["x"],
        "openid_connect_login": ["x"],
        "privacy:consent": ["surveys"],
        "privacy:copy": [w.data_copy.public_id],
    }


def of_listings(w: Any) -> Rows:
    """Listings, their suggestions, what owners see of them."""
    listing = ["need", w.need.public_id]
    return {
        "dashboard:listing": listing,
        "deals": [w.expression.public_id],
        "deals:calendar": [w.deal.public_id, w.meeting.key],
        "deals:cancel_meeting": [w.deal.public_id, w.meeting.key],
        "deals:file": [w.deal.public_id, w.deal_file.key],
        **dict.fromkeys(
            ("deals:read", "deals:download", "deals:revoke"), [w.deal.public_id, w.release.key]
        ),
        "deals:accept_terms": [w.deal.public_id, 1],
        "deals:withdraw_terms": [w.deal.public_id, 1],
        "deals:follow_up": [w.deal.public_id, 6],
        "deals:signed_copy": [w.deal.public_id, w.signed_copy.key],
        "deals:unseat": [w.deal.public_id, w.deal_seat.key],
        **dict.fromkeys(
            (
                "deals:answer_dispute",
                "deals:add_to_dispute",
                "deals:withdraw_dispute",
                "deals:mediate_dispute",
                "deals:settle_dispute",
            ),
            [w.deal.public_id, w.dispute.key],
        ),
        **dict.fromkeys(
            ("deals:answer_question", "deals:withdraw_question"),
            [w.deal.public_id, w.question.key],
        ),
        **dict.fromkeys(
            ("deals:assign_preparation", "deals:move_preparation"),
            [w.deal.public_id, w.preparation.key],
        ),
        "deals:remove_reviewer": [w.deal.public_id, w.reviewer.key],
        **{
            f"deals:milestone_{act}": [w.deal.public_id, 1]
            for act in ("deliver", "accept", "return")
        },
        **dict.fromkeys(
            (
                "deals:terms",
                "deals:offer_terms",
                "deals:reopen_terms",
                "deals:contract",
                "deals:draw_contract",
                "deals:confirm_contract",
                "deals:contract_pdf",
                "deals:contract_docx",
                "deals:contract_facts",
                "deals:register_contract",
                "deals:upload_signed",
                "deals:accept_agreement",
                "deals:disclosure",
                "deals:ledger",
                "deals:release",
                "deals:deal",
                "deals:write",
                "deals:upload",
                "deals:meet",
                "deals:step",
                "deals:change_kind",
                "deals:seat",
                "deals:terminate",
                "deals:complete",
                "deals:disputes",
                "deals:open_dispute",
                "deals:questions",
                "deals:ask",
                "deals:readiness",
                "deals:plan_readiness",
                "deals:add_preparation",
                "deals:evaluation",
                "deals:open_evaluation",
                "deals:score",
                "deals:add_reviewer",
                "deals:go_on_evaluation",
                "deals:conclude_evaluation",
            ),
            [w.deal.public_id],
        ),
        "deals:introduce": ["offer", w.offer.public_id],
        "deals:express": ["offer", w.offer.public_id],
        "demo:mail": ["x"],
        "listings": listing,
        "listings:attachment": [*listing, key_of(w.need)],
        "listings:blank_form": ["h", "docx"],
        "listings:catalogue": [w.catalogue.public_id],
        "listings:catalogue_sheet": ["offer"],
        "listings:edit": [*listing, "tieu-de"],
        "listings:equipment": ["x", w.equipment.public_id],
        "listings:filled_form": [*listing, "h", "docx"],
        "listings:firm_answer": [answer_url(w.staff_post).split("/")[-2]],
        "listings:firm_look": [answer_url(w.staff_post).split("/")[-2]],
        "listings:need": ["x", w.need.public_id],
        "listings:offer": ["x", w.offer.public_id],
        "listings:offer_from_result": [w.result.public_id],
        "listings:picture": [*listing, "x"],
        "listings:renew": [renewal_url(w.need, w.maker).split("/")[-2]],
        "listings:service": ["x", w.service.public_id],
        "matching": [w.match.public_id],
        "matching:change_interest": [w.interest.public_id],
        "matching:delete_interest": [w.interest.public_id],
        "matching:exclude_by_interest": [w.interest.public_id, w.match.public_id],
        "matching:interest": [w.interest.public_id],
        "matching:pass_many": [w.need.public_id],
        "matching:pass_supply": [w.supply_match.public_id],
        "matching:pause_interest": [w.interest.public_id],
        "matching:restore_interest": [w.interest.public_id],
        "matching:resume_interest": [w.interest.public_id],
        "matching:staff_look": [w.organization.public_id],
        "matching:take_back_supply": [w.supply_match.public_id],
        "payments": [w.payment.public_id],
        "payments:account_retire": [w.payee_account.public_id],
        "payments:account_verify": [w.payee_account.public_id],
        "payments:ask": [w.milestone.public_id],
        "payments:demo_card": [w.card_payment.public_id],
        "payments:desk_item": [w.desk_item.public_id],
        "payments:invoice_file": [w.tax_invoice.public_id],
        "payments:ledger": [w.organization.public_id],
        **dict.fromkeys(
            ("payments:licence", "payments:licence_buy", "payments:licence_withdraw"),
            [w.licence.public_id],
        ),
        "payments:licence_offer": ["offer", w.offer.public_id],
        "payments:paper": [w.payment.public_id, "de-nghi"],
        "payments:statement": [w.statement.public_id],
        "payments:webhook": ["demo_card"],
        "public_file": ["00/" + "0" * 32 + ".png"],
        "sitemap": ["need"],
    }


def of_registration(w: Any) -> Rows:
    """Dossiers of results."""
    dossier = {state: [row.public_id] for state, row in w.dossiers.items()}
    registered = w.dossiers["registered"]
    draft = w.dossiers["draft"]
    file = [registered.public_id, registered.files.order_by("pk").first().key]
    return {
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
    }


def of_compliance(w: Any) -> Rows:
    """Duties that focal points watch over."""
    year = [w.ministry.slug, w.plan.year]
    duty = [w.duty.public_id]
    letter = [w.letter.public_id]
    visit = [w.visit.public_id]
    return {
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
    }


def of_records(w: Any) -> Rows:
    """The national database."""
    return {
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
        "sources:source": [w.source.slug],
        "taxonomy:crosswalk": ["x"],
        "taxonomy:vocabulary": ["x"],
    }


def of_the_desk(w: Any) -> Rows:
    """Desks of staff in the admin."""
    return {
        "add_match": [w.need.pk],
        "ask_for_index_run": ["check"],
        "assignment_rules": [w.assignment_rule.pk],
        "cases": [w.case.pk],
        "cases:undo": [w.hand_over.pk],
        "claims": [w.claim_request.pk],
        "connected_sites": [w.connected_site.pk],
        "exchanges": [Exchange.default().pk],
        "wagtailsettings": ["cms", "sitelook", Site.objects.get(is_default_site=True).pk],
        "correct_application": [w.application.public_id],
        "correct_result": [w.result.public_id],
        "correct_task": [w.task.public_id],
        "data_sources": [w.source.pk],
        "dead_letters": [w.delivery.pk],
        "focal_points": [w.ministry.pk],
        "imports": [w.run.pk],
        "imports:file": [w.upload.public_id],
        "join_requests": [w.join_request.pk],
        "judge": [w.pool.public_id],
        "merge_need": [w.need.pk],
        "merge_organization": [w.organization.pk],
        "need_matches": [w.need.pk],
        "organizations": [w.organization.pk],
        "people": [w.person.pk],
        "pool_need": [w.need.pk],
        "publish_result": [w.result.pk],
        "rule_books": [w.book.pk],
        "rule_books:entry": [w.book.pk, "register"],
        "set_staff_look": [w.organization.pk],
        "settle": [w.pool.public_id],
        "sharing": [w.agreement.pk],
        "staff_posts": [w.staff_post.pk],
        "subject_requests": [w.subject_request.pk],
        "suppress_matches": [w.need.pk],
        **{f"split_{one.KIND}": [one.pk] for one in (w.need, w.offer, w.equipment, w.service)},
        "tasks": [w.task.pk],
        "undo_decision": [w.decision.pk],
        "undo_need_merge": [w.need_merge.pk],
        "undo_organization_merge": [w.joined.pk],
        "upload_to_result": [w.result.pk],
        "upload_to_task": [w.task.pk],
        "verifications": [w.verification.pk],
        "verifications:evidence": [w.paper.public_id],
        "withdraw_result": [w.result.pk],
        "withdraw_task": [w.task.pk],
    }


def pages_of_the_admin(w: Any) -> Rows:
    """Wagtail's own pages."""
    page = [w.page.pk]
    snippet = ["listings", "need"]
    return {
        "simple_translation:submit_page_translation": page,
        "simple_translation:submit_snippet_translation": [*snippet, w.need.pk],
        "wagtail_bulk_action": [*snippet, "delete"],
        "wagtail_serve": ["ve-san/"],
        "wagtailadmin_api:documents": [w.document.pk],
        "wagtailadmin_api:documents:detail": [w.document.pk],
        "wagtailadmin_api:images": [w.image.pk],
        "wagtailadmin_api:images:detail": [w.image.pk],
        "wagtailadmin_api:pages": page,
        "wagtailadmin_api:pages:action": [w.page.pk, "copy"],
        "wagtailadmin_api:pages:detail": page,
        "wagtailadmin_choose_page_child": page,
        "wagtailadmin_collections:delete": [w.collection.pk],
        "wagtailadmin_collections:edit": [w.collection.pk],
        "wagtailadmin_collections:set_privacy": [w.collection.pk],
        "wagtailadmin_editing_sessions:ping": [*snippet, str(w.need.pk), 1],
        "wagtailadmin_editing_sessions:release": [1],
        "wagtailadmin_explore": page,
        "wagtailadmin_explore_results": page,
        "wagtailadmin_pages": page,
        "wagtailadmin_pages:add": ["cms", "contentpage", w.page.pk],
        "wagtailadmin_pages:choose_parent": ["cms", "contentpage"],
        "wagtailadmin_pages:collect_workflow_action_data": [w.page.pk, "approve", 1],
        "wagtailadmin_pages:move_confirm": [w.page.pk, w.page.get_parent().pk],
        "wagtailadmin_pages:preview_on_add": ["cms", "contentpage", w.page.pk],
        "wagtailadmin_pages:revisions_compare": [w.page.pk, "live", w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_revert": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_unschedule": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_pages:revisions_view": [w.page.pk, w.page.latest_revision_id],
        "wagtailadmin_pages:type_use": ["cms", "contentpage"],
        "wagtailadmin_pages:type_use_results": ["cms", "contentpage"],
        "wagtailadmin_pages:workflow_action": [w.page.pk, "approve", 1],
        "wagtailadmin_pages:workflow_history_detail": [w.page.pk, 1],
        "wagtailadmin_pages:workflow_preview": [w.page.pk, 1],
        "wagtailadmin_password_reset_confirm": ["x", "y"],
        "wagtailadmin_tag_model_autocomplete": ["taggit", "tag"],
        "wagtailadmin_workflows": [w.workflow.pk],
        "wagtailforms": [w.form.pk],
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
        "wagtailimages:preview": [w.image.pk, "width-100"],
        "wagtailimages_chooser": [w.image.pk],
        "wagtailusers_users": [w.people["curator"].pk],
    }
