"""Listings in each state. A published one went through `save_revision().publish()`, as in life."""

from datetime import timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from factory.django import DjangoModelFactory
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from marketplace.accounts.models import Exchange
from marketplace.core import clock
from marketplace.listings.models import LISTING_MODELS, Equipment, Need, Service, TechnologyOffer
from tests.factories.accounts import MembershipFactory, OrganizationFactory, UserFactory


class _ListingFactory(DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True

    class Params:
        #: Approved and shown; without it a draft.
        published = False

    exchange = factory.LazyFunction(Exchange.default)
    organization = factory.SubFactory(OrganizationFactory)
    contact = factory.LazyAttribute(lambda self: _someone_of(self.organization))
    field_codes = ["40107"]
    province_code = "75"
    live = False

    @factory.post_generation
    def revision(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        self.draft_title = self.title
        self.save()
        revision = self.save_revision(user=self.contact, clean=False)
        if self.starts_published:
            revision.publish(log_action=False)
            self.refresh_from_db()

    @classmethod
    def _create(
        cls, model_class: Any, *args: Any, starts_published: bool = False, **kwargs: Any
    ) -> Any:
        listing = model_class(*args, **kwargs)
        listing.starts_published = starts_published
        listing.save()
        return listing

    starts_published = factory.SelfAttribute("published")


def _someone_of(organization: Any) -> Any:
    membership = organization.memberships.order_by("pk").first()
    return (membership or MembershipFactory(organization=organization)).user


class NeedFactory(_ListingFactory):
    class Meta:
        model = Need

    title = factory.Sequence(lambda n: f"Tách vỏ cứng hạt điều {n}")
    summary = "Tỷ lệ nhân nguyên đạt 78 %, cần từ 92 % ở 300 kg/giờ."
    need_kinds = ["buy"]
    problem = "Dao cố định làm vỡ nhân khi hạt lẫn cỡ."
    deadline = factory.LazyFunction(lambda: clock.today() + timedelta(days=60))
    valid_until = factory.LazyFunction(lambda: clock.today() + timedelta(days=60))


class OfferFactory(_ListingFactory):
    class Meta:
        model = TechnologyOffer

    title = factory.Sequence(lambda n: f"Sấy dẻo xoài bằng bơm nhiệt {n}")
    summary = "Giữ màu 6 tháng không dùng sunfit, 0,82 kWh/kg nước."
    advantage = "Không có SO2 trong thành phẩm."
    trl = 8
    transfer_forms = ["independent_contract"]
    price_mode = "contact"
    right_basis = "owner"
    ip_status = "none"


class EquipmentFactory(_ListingFactory):
    class Meta:
        model = Equipment

    title = factory.Sequence(lambda n: f"Máy sấy bơm nhiệt {n}")
    summary = "Sấy 300 kg/mẻ ở 35–60 °C."
    advantage = "Giữ màu và hương."
    development_level = "commercial"
    supply_modes = ["sale"]
    price_mode = "contact"


class ServiceFactory(_ListingFactory):
    class Meta:
        model = Service

    title = factory.Sequence(lambda n: f"Thử nghiệm màu và độ ẩm của xoài sấy {n}")
    summary = "Đo màu, độ ẩm, hoạt độ nước của xoài sấy, trả kết quả sau 5 ngày."
    service_kinds = ["testing"]
    scope = "Đo theo tiêu chuẩn, ba lần lặp."
    deliverables = "Phiếu kết quả."
    turnaround = "5 ngày làm việc"
    price_mode = "contact"
    is_nationwide = True


FACTORIES = {
    "need": NeedFactory,
    "offer": OfferFactory,
    "equipment": EquipmentFactory,
    "service": ServiceFactory,
}


def one_step_workflow() -> Any:
    """The simplest workflow: a group whose member's approval publishes; gives that member."""
    group, _made = Group.objects.get_or_create(name="Duyệt thử")
    task = GroupApprovalTask.objects.create(name="Duyệt")
    task.groups.add(group)
    workflow = Workflow.objects.create(name="Duyệt thử")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for model in LISTING_MODELS.values():
        WorkflowContentType.objects.create(
            workflow=workflow, content_type=ContentType.objects.get_for_model(model)
        )
    curator = UserFactory(is_staff=True, is_superuser=True)
    curator.groups.add(group)
    return curator
