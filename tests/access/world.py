"""Real rows behind every address: one organisation's, and what staff and focal points keep of it.

Whoever adds a page that names a row adds the row here, and its arguments in `paths`.
"""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from allauth.idp.oidc.models import Client
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Workflow

from cms.setup import WORKFLOW, set_up_curation, set_up_pages
from marketplace.accounts.models import Membership
from marketplace.accounts.services import (
    ask_to_join,
    ask_with_proof,
    create_invitation,
    invite_member,
    log_call,
    merge_organizations,
    offer_ownership,
    open_outreach,
)
from marketplace.api.keys import create_key as create_own_key
from marketplace.api.models import KeyScope
from marketplace.cases.keeping import keep_batch
from marketplace.cases.models import AssignmentRule, Case
from marketplace.cases.services import add_note, hand_over
from marketplace.core import clock
from marketplace.core.uploads import CheckedFile, check_document
from marketplace.deals.models import MemberRole
from marketplace.deals.services.contracts import (
    add_signed_copy,
    confirm_contract,
    draw_contract,
)
from marketplace.deals.services.disclosure import accept_agreement, agreement_of, release_text
from marketplace.deals.services.disputes import open_dispute
from marketplace.deals.services.evaluations import add_reviewer, open_evaluation, score
from marketplace.deals.services.licences import LicenceTerms, offer_licence
from marketplace.deals.services.people import seat_person
from marketplace.deals.services.questions import ask_question
from marketplace.deals.services.readiness import add_preparation
from marketplace.deals.services.rooms import add_file as add_deal_file
from marketplace.deals.services.rooms import plan_meeting, write_message
from marketplace.deals.services.terms import accept_terms, offer_terms
from marketplace.experts.models import Expert
from marketplace.experts.services import approve_profile, save_profile, submit_profile
from marketplace.listings.catalogues.sheets import SheetRow
from marketplace.listings.models import NeedMerge, Service
from marketplace.listings.services import (
    Consent,
    add_files,
    ask_firm,
    begin_staff_post,
    draft_of,
    save_draft,
    submit,
)
from marketplace.listings.services.catalogues import read_catalogue
from marketplace.mandates.models import Scope
from marketplace.mandates.services import ask_for_mandate, confirm_mandate, withdraw_mandate
from marketplace.matching.models import Curation, Interest, JudgingItem, JudgingPool
from marketplace.notifications.models import Delivery, DeliveryState, Notice
from marketplace.notifications.rendering import UNSUBSCRIBE_SALT
from marketplace.notifications.saved_searches import save_search
from marketplace.payments.models import DeskItem
from marketplace.payments.services.invoices import keep_invoice
from marketplace.payments.services.reconciling import reconcile_batch
from marketplace.payments.services.statements import import_statement
from marketplace.privacy.services import ask_for_copy, receive_request
from marketplace.registration import services as registration
from marketplace.registration.models import Certificate, Duty, RuleBook
from marketplace.registration.services import inspections
from marketplace.registration.services.duties import derive_results, derive_tasks
from marketplace.registration.services.letters import draft_letter
from marketplace.research.full_texts.rules import load_rules
from marketplace.research.models import Form, FormField, FullTextRule, NumberPattern
from marketplace.sources.models import (
    Conflict,
    Correction,
    LinkPair,
    Merge,
    RecordType,
    SharingAgreement,
    SourceKind,
)
from marketplace.sources.services.keys import create_key
from marketplace.sources.services.uploads import keep_upload
from marketplace.taxonomy.models import CalendarDay, TermPair, UnresolvedCode, Word
from tests.access.roles import make_people
from tests.accounts.papers import submitted
from tests.factories.accounts import (
    MembershipFactory,
    OrganizationFactory,
    OutreachFactory,
    UserFactory,
)
from tests.factories.deals import (
    contracted_deal,
    offered_terms,
    opened_deal,
    sent_expression,
)
from tests.factories.full_texts import AttachmentFactory, FullTextRequestFactory
from tests.factories.listings import EquipmentFactory, NeedFactory, OfferFactory, ServiceFactory
from tests.factories.matching import MatchFactory
from tests.factories.pages import make_page
from tests.factories.payments import payment_into, verified_account
from tests.factories.publications import answered_form, closed_issue
from tests.factories.registration import DossierFactory, FocalPointFactory, pdf_upload
from tests.factories.research import (
    ApplicationFactory,
    PersonFactory,
    ProgrammeFactory,
    ResultFactory,
    TaskFactory,
)
from tests.factories.sources import RunFactory, SourceFactory

#: Found in no answer but to whom it is for: see `canaries`.
CANARY = "Chim Chích 5801"
PHONE = "0977 5801 66"
EMAIL = "chim.chich@example.vn"
SECRETS = (CANARY, PHONE, EMAIL)
_OF_A_NEED = (
    "title", "summary", "need_kinds", "field_codes", "problem", "deadline", "province_code",
)  # fmt: skip


def make_world() -> SimpleNamespace:
    world = SimpleNamespace()
    set_up_curation()
    set_up_pages()
    _organizations(world)
    _brokers(world)
    _listings(world)
    _registers(world)
    _dossiers(world)
    _compliance(world)
    _matches(world)
    _staff_work(world)
    _incoming(world)
    _vocabulary(world)
    _desks(world)
    _payments(world)
    _site(world)
    return world


def _organizations(world: Any) -> None:
    world.organization = OrganizationFactory(
        name="Công ty Hạt điều Bình Phước", kind="institute", province_code="68"
    )
    world.ministry = FocalPointFactory()
    world.agency = FocalPointFactory(agency=True)
    world.other = OrganizationFactory()
    world.broker = OrganizationFactory(name="Trung tâm Xúc tiến", kind="intermediary")
    world.past_broker = OrganizationFactory(name="Hiệp hội Chế biến", kind="intermediary")
    world.people = make_people(world)
    # Rows are made by somebody who takes no part in the matrix, so that nothing is "their own".
    world.maker = MembershipFactory(
        organization=world.organization,
        role=Membership.Role.OWNER,
        user__phone=PHONE,
        user__email=EMAIL,
    ).user
    world.unclaimed = OrganizationFactory(unclaimed=True)
    world.colleague = MembershipFactory(
        organization=world.organization, role=Membership.Role.CONTRIBUTOR
    )
    world.transfer = offer_ownership(world.organization, taker=world.colleague, by=world.maker)
    world.invitation = invite_member(
        world.organization, email="moi@example.vn", role="viewer", by=world.maker
    )
    members = world.organization.memberships.select_related("user")
    world.insiders = {member.user.email for member in members}
    world.join_request = ask_to_join(world.organization, user=UserFactory())
    world.verification = submitted(
        world.organization, world.maker, name=world.organization.name, note=f"Số của {CANARY}"
    )
    world.paper = world.verification.evidence.get()
    world.claim_request = ask_with_proof(
        OrganizationFactory(unclaimed=True), user=UserFactory(), note=f"Số của {CANARY}",
        kind="authorization", paper=check_document(pdf_upload("uy-quyen.pdf")),
    )  # fmt: skip
    world.joined = merge_organizations(
        duplicate=OrganizationFactory(), survivor=OrganizationFactory(), by=world.maker
    )
    _row, world.own_key = create_own_key(
        world.organization, name="Phần mềm kho", scopes=list(KeyScope), by=world.maker,
        last_day=clock.today() + timedelta(days=30),
    )  # fmt: skip


def _brokers(world: Any) -> None:
    world.mandate, past = (
        ask_for_mandate(
            broker, firm=world.organization, scopes=list(Scope), by=world.people[role],
            note=f"Theo lời {CANARY}",
        )
        for role, broker in (("broker", world.broker), ("past_broker", world.past_broker))
    )  # fmt: skip
    for mandate in (world.mandate, past):
        confirm_mandate(
            mandate, scopes=list(Scope), last_day=clock.today() + timedelta(days=30), by=world.maker
        )
    withdraw_mandate(past, by=world.maker)


def _listings(world: Any) -> None:
    shared = {
        "organization": world.organization,
        "contact": world.maker,
        "confidential": f"Mật danh {CANARY}",
        "province_code": "68",
    }
    world.need = NeedFactory(published=True, found_by=world.broker, **shared)
    world.offer = OfferFactory(published=True, **shared)
    world.equipment = EquipmentFactory(published=True, **shared)
    world.service = ServiceFactory(published=True, **shared)
    for listing in (world.need, world.offer, world.equipment, world.service):
        name = f"Bản vẽ {CANARY}.pdf"
        paper = CheckedFile(ContentFile(b"%PDF-1.4 mat", "x.pdf"), "application/pdf", name, 12)
        add_files(listing, documents=[paper], by=world.maker, confidential=True)
        listing.refresh_from_db()
    world.submission = submit(NeedFactory(**shared), by=world.maker)
    world.need_merge = NeedMerge.objects.create(
        duplicate=NeedFactory(**shared), survivor=world.need, merged_by=world.maker
    )


def key_of(listing: Any) -> str:
    paper = draft_of(listing).attachments.first()
    return paper.key if paper else "x"


def _registers(world: Any) -> None:
    owned = {"organization": world.organization}
    world.result = ResultFactory(accepted_on=date(2025, 5, 5), **owned)
    world.other_result = ResultFactory(**owned)
    world.task = TaskFactory(ended_on="2026-09", **owned)
    world.programme = ProgrammeFactory()
    world.person = PersonFactory(organization=world.organization)
    world.application = ApplicationFactory(result=world.result)
    world.attachment = AttachmentFactory(result=world.result, title="Báo cáo tổng hợp")
    load_rules()
    asks = MembershipFactory().user
    world.full_text = FullTextRequestFactory(
        attachment=world.attachment, requester=asks, purpose_note=f"Cho {CANARY}"
    )


def _dossiers(world: Any) -> None:
    registration.load_rule_books()
    states = ("draft", "submitted", "in_review", "accepted", "registered")
    form = {"contact_phone": PHONE, "contact_name": f"Phạm {CANARY}"}
    world.dossiers = {
        state: DossierFactory(
            organization=world.organization,
            created_by=world.maker,
            state=state,
            form=form,
            focal_point=world.ministry,
        )
        for state in states
    }
    registration.print_batch()
    certificate = Certificate.objects.get(dossier=world.dossiers["registered"])
    world.certificate = certificate
    world.copy = registration.request_copy(certificate, by=world.maker, purpose="Thanh lý")
    world.task_report = registration.report_task(
        world.organization,
        values={
            "title": "Nghiên cứu bảo quản bơ sáp", "code": "ĐTKHCN.07/24", "kind": "research-topic",
            "level": "ministry", "agency": "Bộ Nông nghiệp và Môi trường", "leader": "Trần Thị Thử",
            "members": ["Lê Văn Nghiệm"], "started_on": "2024-01-01", "ended_on": "2026-06-30",
            "accepted_on": date(2026, 10, 1), "contract_number": "12/HĐ",
            "contracted_on": date(2024, 1, 2),
        },
        secrecy="normal",
        by=world.maker,
    )  # fmt: skip


def _compliance(world: Any) -> None:
    derive_tasks([world.task.pk])
    derive_results([world.result.pk])
    world.duty = Duty.objects.get(kind="register", task=world.task)
    world.report = Duty.objects.filter(kind="application-report").order_by("number").first()
    signer = world.people["registrar"]
    world.letter = draft_letter(world.duty.focal_point, world.organization, [world.duty], by=signer)
    today = clock.today()
    world.plan = inspections.start_plan(world.ministry, today.year, by=signer)
    world.visit = inspections.add_visit(
        world.plan, by=signer, organization=world.organization, planned_on=today
    )
    inspections.approve_plan(world.plan, by=signer, decision="15/QĐ-VKH", approved_on=today)
    world.visit.refresh_from_db()
    inspections.record_minutes(
        world.visit, by=signer, visited_on=today, minutes=f"Thiếu báo cáo {CANARY}.",
        file=check_document(pdf_upload("bien-ban.pdf")),
    )  # fmt: skip
    world.finding = inspections.add_finding(
        world.visit, by=signer, severity="major", text="Chưa nộp", due_on=today + timedelta(days=20)
    )


def _matches(world: Any) -> None:
    theirs = MembershipFactory()
    world.match = MatchFactory(
        need=world.need, candidate=ResultFactory(organization=theirs.organization)
    )
    world.supply_match = MatchFactory(
        need=NeedFactory(published=True, organization=theirs.organization), candidate=world.result
    )
    world.interest = Interest.objects.create(
        organization=world.organization,
        name=f"Tìm {CANARY}",
        words="sấy xoài",
        created_by=world.maker,
    )
    world.expression = sent_expression(
        world.offer, by=theirs.user, asker=theirs.organization, why=f"Vì {CANARY}"
    )
    world.deal = opened_deal(
        world.service, by=theirs.user, asker=theirs.organization, accepted_by=world.maker,
        why=f"Vì {CANARY}",
    )  # fmt: skip
    seat = world.deal.members.get(user=world.maker)
    world.deal_seat = seat_person(
        world.deal, person=world.colleague.user, organization=seat.organization,
        role=MemberRole.TECHNICAL, by=world.maker,
    )  # fmt: skip
    world.meeting = plan_meeting(
        world.deal, title=f"Gặp {CANARY}", minutes=30, by=world.maker,
        starts_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    write_message(world.deal, text=f"Báo {CANARY}", side=seat.organization, by=world.maker)
    world.deal_file = add_deal_file(
        world.deal, checked=check_document(pdf_upload(f"{CANARY}.pdf")), side=seat.organization,
        by=world.maker,
    )  # fmt: skip
    for side, person in ((world.organization, world.maker), (theirs.organization, theirs.user)):
        accept_agreement(
            world.deal, side=side, sha256=agreement_of(world.deal).sha256, signed_as="lead",
            by_second_factor=False, by=person,
        )  # fmt: skip
    Service.objects.filter(pk=world.service.pk).update(confidential=f"Bí mật {CANARY}")
    world.release = release_text(world.deal, accepts_risk=True, by=world.maker)
    sheet = offer_terms(
        world.deal, offered_terms(other=f"Riêng {CANARY}"), side=theirs.organization,
        by=theirs.user,
    )  # fmt: skip
    accept_terms(sheet, side=world.organization, sha256=sheet.sha256, by=world.maker)
    contract = draw_contract(world.deal, by=world.maker)
    for side, person in ((world.organization, world.maker), (theirs.organization, theirs.user)):
        confirm_contract(
            contract, side=side, sha256=contract.sha256, signed_as="signatory", by=person
        )
    world.signed_copy = add_signed_copy(
        contract, checked=check_document(pdf_upload(f"Ky {CANARY}.pdf")), side=world.organization,
        by=world.maker,
    )  # fmt: skip
    world.deal.refresh_from_db()
    world.preparation = add_preparation(world.deal, title=f"Mua {CANARY}", by=theirs.user)
    evaluation = open_evaluation(world.deal, side=seat.organization, by=world.maker)
    score(evaluation, marks={"fit": (2, f"Kém {CANARY}")}, by=world.maker)
    world.reviewer = add_reviewer(evaluation, person=world.colleague.user, by=world.maker)
    world.question = ask_question(
        world.deal, side=theirs.organization, text=f"Bao giờ {CANARY}?", by=theirs.user
    )
    world.dispute = open_dispute(
        world.deal, side=theirs.organization, reason="quality", text=f"Chậm {CANARY}",
        wanted=f"Sửa {CANARY}", by=theirs.user,
    )  # fmt: skip
    world.decision = Curation.objects.create(match=world.match, act="confirm", by=world.maker)
    world.pool = JudgingPool.objects.create(
        need=world.need, need_version=1, title=world.need.title, text=world.need.summary, seed=1
    )
    JudgingItem.objects.create(
        pool=world.pool, kind="result", key=world.result.public_id, title="x", sources=["engine"]
    )


def _staff_work(world: Any) -> None:
    keep_batch()
    world.case = Case.objects.get(subject=world.need.public_id)
    staff = world.people["administrator"]
    add_note(world.case, kind="call", text=f"Nghe {CANARY}", by=staff)
    world.hand_over = hand_over(
        [world.case], to=world.people["curator"], by=staff, note="Nhờ gọi lại"
    )
    world.assignment_rule = AssignmentRule.objects.create(officer=world.people["curator"])
    expert = MembershipFactory().user
    save_profile(
        expert,
        values={
            "headline": "Sấy xoài", "advises_on": "Chọn máy sấy", "experience": f"Ở {CANARY}",
            "field_codes": ["40107"], "languages": ["vi"], "province_code": "68",
            "organization": None, "person": None, "language": "vi",
            "shown": ["headline", "advises_on", "field_codes"],
        },
    )  # fmt: skip
    submit_profile(expert)
    world.expert = Expert.objects.get(user=expert)
    approve_profile(world.expert, by=staff)


def _payments(world: Any) -> None:
    """The organisation is paid by another into its own account."""
    world.payee_account = verified_account(world.organization)
    theirs = MembershipFactory()
    bought = opened_deal(
        world.equipment, by=theirs.user, asker=theirs.organization, accepted_by=world.maker
    )
    world.milestone = contracted_deal(bought, by=world.maker)[0]
    # What is to be paid for, who pays it reads too.
    world.insiders.add(theirs.user.email)
    world.payment = payment_into(
        world.payee_account, payer=theirs.organization, title=f"Đợt {CANARY}"
    )
    world.card_payment = payment_into(
        verified_account(theirs.organization, kind="demo", number="demo0001"),
        payer=world.organization,
    )
    line = f"Ngày,Ghi có,Nội dung\n11/11/2026,5,{world.payment.reference}\n"
    world.statement = import_statement(
        world.payee_account, data=line.encode(), file_name="s.csv", by=world.maker
    )
    world.licence = offer_licence(
        world.offer, kind="offer", terms=LicenceTerms(offered_terms(), days=(7, None)),
        by=world.maker,
    )  # fmt: skip
    reconcile_batch()
    world.desk_item = DeskItem.objects.get()
    world.tax_invoice = keep_invoice(
        world.payment, series="1C26T", number="1", issued_on=clock.today(), xml=b"<a/>",
        by=world.maker,
    )  # fmt: skip


def _incoming(world: Any) -> None:
    world.source = SourceFactory(slug="bo-thu", kind=SourceKind.PUSH)
    # The rows of the factories name it.
    SourceFactory(slug="thu")
    _row, world.key = create_key(world.source, name="Máy chủ của bộ", by=world.maker)
    world.run = RunFactory(source=world.source)
    world.agreement = SharingAgreement.objects.create(
        source=world.source,
        organization=world.organization,
        number="1/TT",
        valid_from=date(2026, 1, 1),
    )
    correction = Correction.objects.create(
        result=world.result, field="title", value="a", reason="lỗi", at=clock.now()
    )
    world.conflict = Conflict.objects.create(correction=correction, value="b", found_at=clock.now())
    left, right = sorted((world.result.pk, world.other_result.pk))
    world.pair = LinkPair.objects.create(
        kind=RecordType.RESULT, left=left, right=right, probability=0.8, found_at=clock.now()
    )
    world.merge = Merge.objects.create(
        kind=RecordType.RESULT, duplicate=right, survivor=left, merged_at=clock.now()
    )
    csv = "Mã;Tên đề tài;Đơn vị thực hiện\nA1;Máy sấy xoài;Viện Thử\n"
    world.upload = keep_upload(
        SimpleUploadedFile("x.csv", csv.encode()), source=world.source, by=world.maker
    )


def _vocabulary(world: Any) -> None:
    now = clock.now()
    world.unresolved = UnresolvedCode.objects.create(
        vocabulary="provinces", to="provinces-2025", key="hai hung", value="Hải Hưng",
        outcome="ambiguous", candidates=["31"], times_seen=1, first_seen_at=now, last_seen_at=now,
    )  # fmt: skip
    world.word = Word.objects.create(kind="abbreviation", short="QTHT", long="quan trắc")
    world.term_pair = TermPair.objects.create(vietnamese="máy sấy", english="dryer")
    world.day = CalendarDay.objects.create(day=date(2027, 1, 1), kind="off", status="proclaimed")
    world.form, _made = Form.objects.get_or_create(code="bieu-mau-thu", label_vi="Biểu mẫu thử")
    world.form_field = FormField.objects.create(form=world.form, code="ma", type="text")
    world.pattern = NumberPattern.objects.create(kind="task", code="mau-thu", pattern="x")
    world.full_text_rule = FullTextRule.objects.order_by("pk").first()
    world.book = RuleBook.objects.get(code="deadlines-2023")


def _desks(world: Any) -> None:
    world.outreach = open_outreach(world.unclaimed, reason="Gợi ý NC-00001") or OutreachFactory()
    type(world.outreach).objects.filter(pk=world.outreach.pk).update(
        contact_phone=PHONE, contact_name=CANARY
    )
    log_call(world.outreach, by=world.maker, note=f"Gọi {CANARY}")
    _invitation, world.claim = create_invitation(world.outreach, by=world.people["administrator"])
    world.delivery = Delivery.objects.create(
        recipient=world.maker, dedupe_key="x", state=DeliveryState.DEAD, attempts=8,
        not_before=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    world.staff_post = begin_staff_post(
        "need", by=world.people["administrator"],
        organization=OrganizationFactory(unclaimed=True, province_code="68"),
        consent=Consent(
            way="call", agreed_on=clock.today(), agreed_by=CANARY, email=EMAIL, phone=PHONE
        ),
    )  # fmt: skip
    filled = {name: getattr(world.need, name) for name in _OF_A_NEED}
    save_draft(world.staff_post.listing, changes=filled, by=world.people["administrator"])
    world.staff_post = ask_firm(world.staff_post, by=world.people["administrator"])
    world.catalogue = read_catalogue(
        "offer",
        [SheetRow(2, {"title": "Máy sấy từ danh mục"})],
        organization=world.organization,
        by=world.maker,
    )
    world.notice = Notice.objects.create(
        recipient=world.maker, kind="review.published", dedupe_key="y", created_at=clock.now()
    )
    world.search, _new = save_search(QueryDict("q=say"), owner=world.maker, name=f"Tìm {CANARY}")
    world.data_copy = ask_for_copy(world.maker)
    world.subject_request = receive_request(
        kind="access", text=f"Về {CANARY}", user=world.maker, by=world.maker
    )
    world.unsubscribe = signing.dumps(
        {"u": world.maker.pk, "k": "review.published"}, salt=UNSUBSCRIBE_SALT, compress=True
    )


def _site(world: Any) -> None:
    world.connected_site = Client.objects.create(name="Trang liên kết")
    world.page = make_page("Một trang", text="Chữ")
    world.document = Document.objects.create(
        title="x", file=ContentFile(b"%PDF-1.4", name="x.pdf"), uploaded_by_user=world.maker
    )
    world.image = Image.objects.create(
        title="x", file=ContentFile(_PIXEL, name="x.png"), width=1, height=1
    )
    world.collection = Collection.get_first_root_node().add_child(name="Ảnh")
    world.workflow = Workflow.objects.get(name=WORKFLOW)
    world.subscription, world.sending = closed_issue(CANARY)
    world.form = answered_form()
    world.review_step = world.submission.current_workflow_task_state


_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
