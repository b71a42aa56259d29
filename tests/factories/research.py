import factory
from factory.django import DjangoModelFactory

from marketplace.research.models import Result
from tests.factories.accounts import OrganizationFactory


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = Result

    source = "thu"
    source_id = factory.Sequence(lambda n: f"KQ{n:06d}")
    content_hash = factory.Sequence(lambda n: f"{n:032x}")
    title = factory.Sequence(lambda n: f"Máy sấy bơm nhiệt cho xoài cắt lát, kiểu {n}")
    abstract = "Thiết bị sấy ở 45 °C giữ màu xoài, công suất 500 kg mỗi mẻ."
    keywords = ["sấy bơm nhiệt", "xoài"]
    language = "vi"
    field_codes = ["40107"]
    organization = factory.SubFactory(OrganizationFactory, unclaimed=True)
    agency = "Bộ Nông nghiệp và Môi trường"
    people = [{"name": "Trần Thị Thử", "role": "lead"}, {"name": "Lê Văn Nghiệm", "role": "member"}]
    level = "ministry"
    year = 2022
    archive_number = "2022-24-0001/KQNC"
    trl = 7
    application_status = "applied"
