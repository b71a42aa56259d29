import factory
from factory.django import DjangoModelFactory

from marketplace.research.models import Application, Person, Programme, Result, Task
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


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"KC.{n:02d}/21-30")
    name = factory.Sequence(lambda n: f"Chương trình thử về cơ khí nông nghiệp {n}")
    start_year = 2021
    end_year = 2030


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    source = "thu"
    source_id = factory.Sequence(lambda n: f"NV{n:06d}")
    title = factory.Sequence(lambda n: f"Nghiên cứu hệ thống sấy xoài tiết kiệm điện {n}")
    code = factory.Sequence(lambda n: f"KC.07.{n:02d}/21-30")
    form_code = "task-budget"
    aims = "Làm chủ thiết kế hệ thống sấy xoài quy mô hợp tác xã."
    summary = "Khảo sát, thiết kế, chế tạo và chạy thử hệ thống sấy bơm nhiệt."
    field_codes = ["40107"]
    objective_codes = ["3"]
    organization = factory.SubFactory(OrganizationFactory, unclaimed=True)
    agency = "Bộ Nông nghiệp và Môi trường"
    people = [{"name": "Trần Thị Thử", "role": "lead"}]
    level = "ministry"
    started_on = "2023-04"
    ended_on = "2026-03"


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Nguyễn Văn Thử {n}")
    organization = factory.SubFactory(OrganizationFactory, unclaimed=True)


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application

    result = factory.SubFactory(ResultFactory)
    year_number = 1
    organization_name = "Hợp tác xã Xoài Thử"
    place = "Cao Lãnh, Đồng Tháp"
    reported_on = "2024-05-02"
