"""Documents of results, and requests for their full text."""

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from marketplace.research.full_texts import services
from marketplace.research.models import Access, Attachment, AttachmentKind, FullTextRequest, Way
from tests.factories.accounts import UserFactory
from tests.factories.registration import REPORT_TEXT, pdf_bytes
from tests.factories.research import ResultFactory


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    result = factory.SubFactory(ResultFactory)
    kind = AttachmentKind.REPORT
    title = "Báo cáo tổng hợp"
    file_name = "bao-cao.pdf"
    content_type = "application/pdf"
    access = Access.ON_REQUEST

    @classmethod
    def _create(cls, model_class, *args, data=None, **values):
        made = model_class(*args, **values)
        if data != b"":
            content = ContentFile(data or pdf_bytes(REPORT_TEXT, "Phan hai"), "x.pdf")
            made.file.save("x.pdf", content, save=False)
        made.save()
        return made


class FullTextRequestFactory(DjangoModelFactory):
    """Asked for by the service, as in life."""

    class Meta:
        model = FullTextRequest

    attachment = factory.SubFactory(AttachmentFactory)
    requester = factory.SubFactory(UserFactory)

    @classmethod
    def _create(cls, model_class, *args, **values):
        return services.ask_for_full_text(
            values["attachment"],
            by=values["requester"],
            organization=values.get("organization"),
            purpose=values.get("purpose", "research"),
            purpose_note=values.get("purpose_note", "So sánh với mẻ sấy của xưởng tôi."),
            way=values.get("way", Way.COPY),
        )
