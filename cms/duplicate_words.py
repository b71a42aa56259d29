"""Why two records are held to be one, in words; and where two texts differ."""

import re
from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from marketplace.core.templatetags.design import money
from marketplace.core.text import fold

Params = Mapping[str, Any]
_WORD: Final = re.compile(r"\s+|[\w.,]+|[^\w\s]")


def in_words(sign: Mapping[str, Any]) -> str:
    """One reason of a verdict as a sentence."""
    say = _SENTENCES.get(str(sign["code"]))
    return say(sign.get("params") or {}, sign.get("agrees")) if say else str(sign["code"])


def _percent(value: Any) -> str:
    return f"{round(100 * float(value or 0))} %"


def _quoted(words: Any) -> str:
    return ", ".join(f"“{word}”" for word in words or ())


def _title(params: Params, agrees: bool | None) -> str:
    if params.get("is_translation"):
        return _("Tên trùng qua tên tiếng Anh (%(share)s).") % {"share": _percent(params["same"])}
    return _("Tên giống nhau %(share)s.") % {"share": _percent(params.get("same"))}


def _title_words(params: Params, agrees: bool | None) -> str:
    return _("Từ chỉ có ở một bên: %(left)s / %(right)s.") % {
        "left": _quoted(params.get("left")) or "–",
        "right": _quoted(params.get("right")) or "–",
    }


def _pairs(text: str) -> Callable[[Params, bool | None], str]:
    def say(params: Params, agrees: bool | None) -> str:
        words = params.get("words") or ()
        return _(text) % {"pairs": ", ".join(f"“{one}” – “{other}”" for one, other in words)}

    return say


def _numbers(params: Params, agrees: bool | None) -> str:
    if params.get("differ"):
        return _("Số trong tên khác nhau: %(numbers)s.") % {"numbers": ", ".join(params["differ"])}
    return _("Số chỉ có ở một bên: %(numbers)s.") % {"numbers": ", ".join(params.get("one") or ())}


def _shared(same: str, partly: str, other: str) -> Callable[[Params, bool | None], str]:
    def say(params: Params, agrees: bool | None) -> str:
        text = {True: same, False: other, None: partly}[agrees]
        return _(text) % {"share": _percent(params.get("same"))}

    return say


def _plain(text: str) -> Callable[[Params, bool | None], str]:
    return lambda params, agrees: _(text)


def _either(yes: str, no: str) -> Callable[[Params, bool | None], str]:
    return lambda params, agrees: _(yes if agrees else no)


def _year(params: Params, agrees: bool | None) -> str:
    if agrees:
        return _("Cùng năm %(year)s.") % {"year": params.get("left")}
    return _("Năm khác nhau: %(left)s và %(right)s.") % {
        "left": params.get("left"),
        "right": params.get("right"),
    }


def _funding(params: Params, agrees: bool | None) -> str:
    if agrees:
        return _("Kinh phí trùng: %(sum)s.") % {"sum": money(params.get("left"))}
    return _("Kinh phí khác: %(left)s và %(right)s.") % {
        "left": money(params.get("left")),
        "right": money(params.get("right")),
    }


def _identifier(params: Params, agrees: bool | None) -> str:
    return _("Trùng số đăng ký: %(values)s.") % {"values": ", ".join(params.get("values") or ())}


def _identifier_differs(params: Params, agrees: bool | None) -> str:
    return _("Số đăng ký cùng loại nhưng khác: %(left)s và %(right)s.") % params


def _exchanged(params: Params, agrees: bool | None) -> str:
    return _("Có từ này thay cho từ kia: %(left)s / %(right)s. Có thể là đối tượng khác.") % {
        "left": _quoted(params.get("left")),
        "right": _quoted(params.get("right")),
    }


def _rival(params: Params, agrees: bool | None) -> str:
    text = _("Một bản ghi khác cũng giống gần như vậy nhưng không phải là một: “%(title)s”.")
    return text % {"title": params.get("title")}


_SENTENCES: Final[Mapping[str, Callable[[Params, bool | None], str]]] = {
    "title": _title,
    "title_words": _title_words,
    "title_marks": _pairs(gettext_noop("Tên khác dấu: %(pairs)s.")),
    "title_doubtful": _pairs(
        gettext_noop("Khác một chữ, có thể gõ nhầm hoặc là từ khác: %(pairs)s.")
    ),
    "title_confirmed": _pairs(gettext_noop("Khác từ cả trong tên lẫn trong tóm tắt: %(pairs)s.")),
    "title_cut": _plain(gettext_noop("Một tên là phần đầu của tên kia.")),
    "title_unknown": _plain(gettext_noop("Hai tên viết bằng hai ngôn ngữ, không so được.")),
    "numbers": _numbers,
    "abstract": _shared(
        gettext_noop("Tóm tắt trùng %(share)s."),
        gettext_noop("Tóm tắt trùng một phần (%(share)s)."),
        gettext_noop("Tóm tắt khác hẳn."),
    ),
    "figures": _shared(
        gettext_noop("Mọi con số trong tóm tắt đều trùng."),
        gettext_noop("Con số trong tóm tắt trùng %(share)s."),
        gettext_noop("Con số trong tóm tắt khác nhau (chỉ trùng %(share)s)."),
    ),
    "keywords": _shared(
        gettext_noop("Từ khóa trùng %(share)s."),
        gettext_noop("Từ khóa trùng một phần (%(share)s)."),
        gettext_noop("Từ khóa khác hẳn."),
    ),
    "lead": _shared(
        gettext_noop("Cùng người chủ nhiệm."),
        gettext_noop("Tên chủ nhiệm gần giống."),
        gettext_noop("Chủ nhiệm khác nhau."),
    ),
    "people": _shared(
        gettext_noop("Cùng nhóm thực hiện (%(share)s)."),
        gettext_noop("Chung một phần nhóm thực hiện (%(share)s)."),
        gettext_noop("Nhóm thực hiện khác hẳn."),
    ),
    "organization": _shared(
        gettext_noop("Cùng tổ chức chủ trì, kể cả tên cũ."),
        gettext_noop("Tên tổ chức gần giống."),
        gettext_noop("Tổ chức chủ trì khác nhau."),
    ),
    "agency": _either(
        gettext_noop("Cùng cơ quan chủ quản."), gettext_noop("Cơ quan chủ quản khác nhau.")
    ),
    "year": _year,
    "dates": _either(
        gettext_noop("Thời gian thực hiện trùng nhau."),
        gettext_noop("Thời gian thực hiện khác nhau."),
    ),
    "funding": _funding,
    "identifier": _identifier,
    # Why they cannot be one, or why a person is asked.
    "identifier_differs": _identifier_differs,
    "series_differs": _plain(gettext_noop("Tên ghi hai giai đoạn, phần hoặc tập khác nhau.")),
    "place_differs": _plain(gettext_noop("Tên ghi hai địa phương khác nhau.")),
    "title_years_differ": _plain(gettext_noop("Tên ghi hai khoảng năm khác nhau.")),
    "one_source": _plain(
        gettext_noop("Hai bản ghi của cùng một nguồn: nguồn coi đó là hai, nên cần người xem.")
    ),
    "identifiers_disagree": _plain(gettext_noop("Một số đăng ký trùng, một số khác lại khác.")),
    "series_one_sided": _plain(
        gettext_noop("Chỉ một bên ghi giai đoạn, phần hoặc tập: có thể là phần tiếp theo.")
    ),
    "titles_disagree": _plain(
        gettext_noop("Cùng số đăng ký nhưng tên ghi nơi hoặc năm khác nhau.")
    ),
    "titles_far_apart": _plain(gettext_noop("Tên quá khác nhau để tự gộp.")),
    "year_differs": _plain(gettext_noop("Năm khác nhau: có thể là đề tài nối tiếp cùng tên.")),
    "numbers_differ": _plain(gettext_noop("Số trong tên khác nhau: có thể là quy mô khác.")),
    "place_one_sided": _plain(gettext_noop("Chỉ một bên ghi địa phương.")),
    "title_years_one_sided": _plain(gettext_noop("Chỉ một tên ghi năm hoặc khoảng năm.")),
    "words_exchanged": _exchanged,
    "rival": _rival,
    "other_people": _plain(gettext_noop("Người thực hiện khác hẳn.")),
    "title_alone": _plain(gettext_noop("Chỉ có tên giống nhau; các mục khác không so được.")),
    "group_parted": _plain(gettext_noop("Gộp cặp này sẽ nhập hai bản ghi mà cán bộ đã giữ riêng.")),
    "group_contradicts": _plain(
        gettext_noop("Một trong hai đã gộp với bản ghi khác, mâu thuẫn với bên kia.")
    ),
    "parted_before": _plain(
        gettext_noop("Cán bộ đã giữ riêng cặp này; từ đó nội dung đã thay đổi.")
    ),
}


#: Why the stage parted what it had joined.
_UNDONE: Final[Mapping[str, str]] = {
    "rival": gettext_noop(
        "Một bản ghi đến sau cũng khớp gần như vậy, nên cần người xem trước khi gộp."
    ),
    "survivor.gone": gettext_noop("Bản được giữ không còn hiển thị."),
    "duplicate.gone": gettext_noop("Bản đã gộp vào bị gỡ hoặc bị hạn chế."),
}


def undone_because(reason: str) -> str:
    """Why two records were parted: a person's own words, or the stage's reason as a sentence."""
    return _(_UNDONE[reason]) if reason in _UNDONE else reason


def with_differences(left: str, right: str) -> tuple[SafeString, SafeString]:
    """Both texts, with the words that the other has not marked; case and marks of tone alone are no
    difference of words, but are shown as they are."""
    ours, theirs = _WORD.findall(left), _WORD.findall(right)
    matcher = SequenceMatcher(
        None, [fold(word) for word in ours], [fold(word) for word in theirs], autojunk=False
    )
    parts: tuple[list[tuple[bool, str]], list[tuple[bool, str]]] = ([], [])
    for what, a, b, c, d in matcher.get_opcodes():
        for side, words in ((0, ours[a:b]), (1, theirs[c:d])):
            if text := "".join(words):
                parts[side].append((what != "equal" and bool(text.strip()), text))
    return _marked(parts[0]), _marked(parts[1])


def _marked(parts: list[tuple[bool, str]]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", text) if differs else text,) for differs, text in parts),
    ) or mark_safe("")
