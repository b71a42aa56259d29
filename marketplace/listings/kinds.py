"""What each kind of listing is called, in addresses, on its pages and in its forms: one table for all."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise


@dataclass(frozen=True, slots=True)
class KindWords:
    """
    Attributes:
        code: the kind, as `Listing.KIND`.
        address: its word in addresses.
        heading: of its public list.
        lead: what the list is for.
        create: of the button that begins one, and of its form.
        start: asks for the first words.
        empty: of a list without any, with `empty_text` below it.
        crumb: in a path.
        shown: over those of one organisation or one field.
    """

    code: str
    address: str
    heading: Words
    lead: Words
    create: Words
    start: Words
    empty: Words
    empty_text: Words
    crumb: Words
    shown: Words

    @property
    def create_url(self) -> str:
        return f"listings:{self.code}_create"

    @property
    def list_url(self) -> str:
        return f"listings:{self.code}_list"


KINDS: Final[dict[str, KindWords]] = {
    words.code: words
    for words in (
        KindWords(
            code="need",
            address="nhu-cau",
            heading=_("Nhu cầu công nghệ"),
            lead=_(
                "Việc doanh nghiệp đang cần giải quyết. Nếu bạn có công nghệ phù hợp, đây là nơi bắt đầu."
            ),
            create=_("Đăng nhu cầu công nghệ"),
            start=_("Kể việc bạn cần giải quyết, bằng lời của bạn"),
            empty=_("Chưa có nhu cầu nào đang mở"),
            empty_text=_("Nhu cầu hiện ở đây ngay sau khi cán bộ sàn duyệt."),
            crumb=pgettext_lazy("đường dẫn", "Nhu cầu"),
            shown=_("Nhu cầu đang mở"),
        ),
        KindWords(
            code="offer",
            address="cong-nghe",
            heading=_("Công nghệ sẵn sàng chuyển giao"),
            lead=_(
                "Công nghệ, quy trình do viện, trường và doanh nghiệp chào, đã được cán bộ sàn kiểm tra."
            ),
            create=_("Chào bán công nghệ"),
            start=_("Công nghệ làm được gì, nói ngắn"),
            empty=_("Chưa có công nghệ nào được chào"),
            empty_text=_("Viện, trường và doanh nghiệp có công nghệ có thể đăng ngay."),
            crumb=pgettext_lazy("đường dẫn", "Công nghệ"),
            shown=_("Công nghệ đang chào"),
        ),
        KindWords(
            code="equipment",
            address="thiet-bi",
            heading=_("Thiết bị"),
            lead=_("Máy, thiết bị và dây chuyền để mua, thuê, dùng chung hoặc chạy thử."),
            create=_("Đăng thiết bị"),
            start=_("Thiết bị gì, làm được gì, nói ngắn"),
            empty=_("Chưa có thiết bị nào"),
            empty_text=_("Nhà chế tạo và đơn vị có máy có thể đăng ngay."),
            crumb=pgettext_lazy("đường dẫn", "Thiết bị"),
            shown=_("Thiết bị đang chào"),
        ),
        KindWords(
            code="service",
            address="dich-vu",
            heading=_("Dịch vụ chuyển giao công nghệ, thử nghiệm, tư vấn"),
            lead=_(
                "Môi giới, tư vấn, đánh giá, thẩm định giá, giám định, xúc tiến chuyển giao công nghệ; thử nghiệm"
                " và tư vấn kỹ thuật."
            ),
            create=_("Đăng dịch vụ"),
            start=_("Bạn làm được việc gì cho khách hàng, nói ngắn"),
            empty=_("Chưa có dịch vụ nào"),
            empty_text=_("Tổ chức tư vấn, phòng thử nghiệm, trung tâm môi giới có thể đăng ngay."),
            crumb=pgettext_lazy("đường dẫn", "Dịch vụ"),
            shown=_("Dịch vụ đang chào"),
        ),
    )
}
