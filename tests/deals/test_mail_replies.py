"""Answers by mail: from what was sent, through a mailbox, to one message in the room."""

import mailbox
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.core import mail
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.models import AuditEntry
from marketplace.deals.models import DealMessage, MailReply
from marketplace.deals.replying import own_words, read_mail, reply_address
from marketplace.deals.services import terminate_deal
from marketplace.deals.services.people import seat_person, unseat_person
from marketplace.deals.services.rooms import write_message
from marketplace.deals.tasks import replies
from marketplace.notifications.delivery import deliver_batch
from marketplace.notifications.models import Notice
from tests.factories.accounts import MembershipFactory, proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings, tmp_path):
    settings.REPLY_ADDRESS = "traloi@san.example.vn"
    settings.REPLY_MAILBOX = str(tmp_path / "box")
    return mailbox.Maildir(tmp_path / "box")


@pytest.fixture
def addressed(deal, box, buyer, inventor):
    """What the buyer was sent of a message of the other side, and may answer from."""
    proved(buyer)
    write_message(deal, text="Tuần này xem số liệu nhé?", side=deal.seller, by=inventor)
    while deliver_batch():
        pass
    sent = [one for one in mail.outbox if one.to == [buyer.email] and one.reply_to]
    return sent[-1].reply_to[0]


def answer(to, sender, text="Đồng ý, thứ Năm.", **headers):
    made = EmailMessage()
    made["From"], made["To"] = sender, to
    made["Subject"] = "Re: Có tin nhắn mới trong giao dịch"
    made["Message-ID"] = headers.pop("message_id", "<1@may.example.vn>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def written(deal):
    return list(deal.messages.order_by("pk").values_list("text", "author", "organization"))[1:]


def told(person):
    return [row.context["event"] for row in Notice.objects.filter(recipient=person).order_by("pk")]


def test_an_answer_becomes_a_message_of_the_persons_side(
    deal, box, addressed, buyer, firm, inventor
):
    quoted = (
        "Đồng ý, thứ Năm.\n\nVào 9:00 Th 6, Sàn giao dịch <san@localhost> đã viết:\n"
        "> ##- Trả lời thư này là gửi lời nhắn vào giao dịch -##\n> Có tin nhắn mới\n"
    )
    box.add(
        answer(
            addressed.upper().replace("SAN.EXAMPLE.VN", "san.example.vn"), buyer.email, quoted
        ).as_bytes()
    )
    assert replies() == 1
    assert written(deal) == [("Đồng ý, thứ Năm.", buyer.pk, firm.pk)]
    assert len(box) == 0
    assert told(inventor)[-1] == "message"
    assert AuditEntry.objects.get(action="deal.mail_reply").data["outcome"] == "taken"


def test_the_same_mail_is_taken_once(deal, box, addressed, buyer):
    for _time in range(2):
        box.add(answer(addressed, buyer.email).as_bytes())
        box.add(answer(addressed, buyer.email).as_bytes())
        assert replies() == 2
    assert len(written(deal)) == 1
    box.add(answer(addressed, buyer.email, message_id="<2@may.example.vn>").as_bytes())
    replies()
    assert len(written(deal)) == 2


def forged(address):
    local, _at, host = address.partition("@")
    return f"{local[:-1]}{'0' if local[-1] != '0' else '1'}@{host}"


def other_deal(address):
    begin, plus, token = address.partition("+")
    return f"{begin}{plus}khongphaila{token[10:]}"


def bare(address):
    return "traloi@san.example.vn"


@pytest.mark.parametrize("spoil", [forged, other_deal, bare])
def test_an_address_that_was_not_given_out_is_no_address(spoil, deal, box, addressed, buyer):
    box.add(answer(spoil(addressed), buyer.email).as_bytes())
    assert replies() == 1
    assert written(deal) == []
    assert len(box) == 0
    assert not MailReply.objects.exists()


def test_an_address_of_long_ago_has_run_out(frozen_clock, deal, box, addressed, buyer):
    frozen_clock.move(days=61)
    box.add(answer(addressed, buyer.email).as_bytes())
    assert replies() == 1
    assert written(deal) == []


def test_it_has_to_come_from_an_address_of_the_person(deal, box, addressed, buyer, inventor):
    proved(inventor)
    box.add(answer(addressed, inventor.email).as_bytes())
    box.add(answer(addressed, f"{buyer.email}, {inventor.email}").as_bytes())
    assert replies() == 2
    assert written(deal) == []


@pytest.mark.parametrize(
    "mark",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
    ],
)
def test_absence_notes_are_no_answers(mark, deal, box, addressed, buyer):
    box.add(answer(addressed, buyer.email, "Tôi nghỉ tới thứ Hai.", **mark).as_bytes())
    assert replies() == 1
    assert written(deal) == []


def test_who_left_the_deal_answers_no_more_and_is_told_nothing(deal, box, addressed, buyer, firm):
    # Two of one side: the last one who leads it stays.
    other = MembershipFactory(organization=firm, role="contributor").user
    seat_person(deal, person=other, organization=firm, role="lead", by=buyer)
    unseat_person(deal.members.get(user=buyer), by=other)
    before = told(buyer)
    box.add(answer(addressed, buyer.email).as_bytes())
    assert replies() == 1
    assert (written(deal), told(buyer)) == ([], before)


def test_after_the_end_the_writer_is_told(deal, box, addressed, buyer, firm):
    terminate_deal(deal, reason="other", note="Thôi", by=buyer)
    box.add(answer(addressed, buyer.email).as_bytes())
    assert replies() == 1
    assert written(deal) == []
    assert told(buyer)[-1] == "reply_closed"


def test_files_stay_outside_and_the_writer_is_told(deal, box, addressed, buyer):
    made = answer(addressed, buyer.email)
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    box.add(made.as_bytes())
    assert replies() == 1
    assert [text for text, *_rest in written(deal)] == ["Đồng ý, thứ Năm."]
    assert told(buyer)[-1] == "reply_without_files"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("> chỉ có lời cũ", "reply_empty"),
        ("x" * 5001, "reply_too_long"),
        ("x " * 3_000_000, "reply_too_long"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused_with_an_answer(
    text, event, deal, box, addressed, buyer
):
    box.add(answer(addressed, buyer.email, text).as_bytes())
    assert replies() == 1
    assert written(deal) == []
    assert told(buyer)[-1] == event


def test_a_broken_mail_does_not_stand_in_the_way(deal, box, addressed, buyer):
    broken = b"\xff\xfe\x00: \r\nContent-Type: multipart/mixed; boundary=\x00\r\n\r\n\xff"
    Path(box._path, "new", "0").write_bytes(broken)
    box.add(answer(addressed, buyer.email).as_bytes())
    assert replies() == 2
    assert len(written(deal)) == 1


def test_nothing_is_sent_or_read_where_no_mailbox_is_named(settings, deal, buyer, inventor):
    assert (settings.REPLY_ADDRESS, settings.REPLY_MAILBOX) == ("", "")
    write_message(deal, text="Chào", side=deal.seller, by=inventor)
    while deliver_batch():
        pass
    assert [one for one in mail.outbox if one.reply_to] == []
    assert replies() == 0


def test_a_mailbox_that_is_away_is_waited_for(settings, box, tmp_path):
    settings.REPLY_MAILBOX = str(tmp_path / "khong-co")
    assert replies() == 0


def test_of_html_the_words_are_taken():
    made = EmailMessage()
    made["From"] = "a@b.vn"
    made.set_content(
        "<p>Được &amp; đồng ý.</p><p>Chào</p><div>-- </div><div>Mai</div>", subtype="html"
    )
    assert own_words(read_mail(made.as_bytes())) == "Được & đồng ý.\nChào"


def test_the_address_fits_and_says_nothing_of_the_person(deal, box, buyer):
    address = reply_address(deal.public_id, buyer.pk)
    assert len(address.partition("@")[0]) <= 64
    assert address == address.lower()
    assert buyer.email.partition("@")[0] not in address


def test_the_message_stands_in_the_room(deal, box, addressed, buyer, client):
    box.add(answer(addressed, buyer.email, "Bằng thư <b>đậm</b>.").as_bytes())
    replies()
    client.force_login(buyer)
    page = client.get(reverse("deals:deal", args=[deal.public_id])).content.decode()
    assert "Bằng thư &lt;b&gt;đậm&lt;/b&gt;." in page
    assert DealMessage.objects.filter(mail_reply__isnull=False).count() == 1
    assert clock.now() >= MailReply.objects.get().at


@pytest.mark.django_db(transaction=True)
@pytest.mark.kill
@pytest.mark.postgres
def test_ended_anywhere_each_mail_is_taken_once(deal, box, addressed, buyer, kill_stage, settings):
    for number in range(3):
        box.add(
            answer(addressed, buyer.email, f"Lời {number}", message_id=f"<{number}@x>").as_bytes()
        )
    given = settings.REPLY_ADDRESS, settings.REPLY_MAILBOX
    imports = (
        "from django.conf import settings; "
        f"settings.REPLY_ADDRESS, settings.REPLY_MAILBOX = {given!r}; "
        "from marketplace.deals.services.replies import take_batch"
    )
    killed = kill_stage("take_batch()", imports, count=10, most=40)
    replies()
    assert killed >= 5
    assert sorted(text for text, *_rest in written(deal)) == ["Lời 0", "Lời 1", "Lời 2"]
    assert len(box) == 0
