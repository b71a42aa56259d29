from django.urls import URLPattern, path

from marketplace.deals.views import (
    contracts,
    disclosure,
    disputes,
    evaluations,
    expressions,
    questions,
    readiness,
    room_acts,
    rooms,
    terms,
)

app_name = "deals"

_ROOM = "giao-dich/<slug:public_id>/"
_QUESTION = f"{_ROOM}hoi-dap/<slug:key>/"
_DISPUTE = f"{_ROOM}khieu-nai/<slug:key>/"
_MILESTONE = f"{_ROOM}moc/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("ket-noi/", expressions.expressions, name="expressions"),
    path("ket-noi/moi/<slug:kind>/<slug:public_id>/", expressions.express, name="express"),
    path(
        "ket-noi/gioi-thieu/<slug:kind>/<slug:public_id>/",
        expressions.introduce,
        name="introduce",
    ),
    path("ket-noi/<slug:public_id>/", expressions.expression, name="expression"),
    path("ket-noi/<slug:public_id>/dong-y/", expressions.end, {"act": "accept"}, name="accept"),
    path("ket-noi/<slug:public_id>/tu-choi/", expressions.decline, name="decline"),
    path("ket-noi/<slug:public_id>/rut/", expressions.end, {"act": "withdraw"}, name="withdraw"),
    path("ket-noi/<slug:public_id>/can-bo/", expressions.curate, name="curate"),
    path("giao-dich/", rooms.deals, name="deals"),
    path(_ROOM, rooms.deal, name="deal"),
    path(f"{_ROOM}tin-nhan/", room_acts.write, name="write"),
    path(f"{_ROOM}tep/", room_acts.upload, name="upload"),
    path(f"{_ROOM}tep/<slug:key>/", rooms.file, name="file"),
    path(f"{_ROOM}gap/", room_acts.meet, name="meet"),
    path(f"{_ROOM}gap/<slug:key>.ics", rooms.calendar, name="calendar"),
    path(f"{_ROOM}gap/<slug:key>/huy/", room_acts.cancel_meeting, name="cancel_meeting"),
    path(f"{_ROOM}buoc/", room_acts.step, name="step"),
    path(f"{_ROOM}loai/", room_acts.change_kind, name="change_kind"),
    path(f"{_ROOM}nguoi/", room_acts.seat, name="seat"),
    path(f"{_ROOM}nguoi/<slug:key>/roi/", room_acts.unseat, name="unseat"),
    path(f"{_ROOM}dung/", room_acts.terminate, name="terminate"),
    path(f"{_ROOM}hoi-sau/<int:months>/", room_acts.follow_up, name="follow_up"),
    path(f"{_ROOM}thanh-ly/", room_acts.complete, name="complete"),
    path(f"{_ROOM}bao-mat/", disclosure.page, name="disclosure"),
    path(f"{_ROOM}bao-mat/chap-thuan/", disclosure.accept, name="accept_agreement"),
    path(f"{_ROOM}bao-mat/mo/", disclosure.release, name="release"),
    path(f"{_ROOM}bao-mat/so.csv", disclosure.ledger, name="ledger"),
    path(f"{_ROOM}bao-mat/<slug:key>/", disclosure.read, name="read"),
    path(f"{_ROOM}bao-mat/<slug:key>/tep/", disclosure.download, name="download"),
    path(f"{_ROOM}bao-mat/<slug:key>/thu-hoi/", disclosure.revoke, name="revoke"),
    path(f"{_ROOM}dieu-khoan/", terms.page, name="terms"),
    path(f"{_ROOM}dieu-khoan/gui/", terms.offer, name="offer_terms"),
    path(f"{_ROOM}dieu-khoan/mo-lai/", terms.reopen, name="reopen_terms"),
    path(f"{_ROOM}dieu-khoan/<int:number>/chap-thuan/", terms.accept, name="accept_terms"),
    path(f"{_ROOM}dieu-khoan/<int:number>/rut/", terms.withdraw, name="withdraw_terms"),
    path(f"{_ROOM}hop-dong/", contracts.page, name="contract"),
    path(f"{_ROOM}hop-dong/soan/", contracts.draw, name="draw_contract"),
    path(f"{_ROOM}hop-dong/xac-nhan/", contracts.confirm, name="confirm_contract"),
    path(f"{_ROOM}hop-dong/hop-dong.pdf", contracts.paper, {"kind": "pdf"}, name="contract_pdf"),
    path(f"{_ROOM}hop-dong/hop-dong.docx", contracts.paper, {"kind": "docx"}, name="contract_docx"),
    path(f"{_ROOM}hop-dong/thong-tin/", contracts.say_facts, name="contract_facts"),
    path(f"{_ROOM}hop-dong/dang-ky/", contracts.register, name="register_contract"),
    path(f"{_ROOM}hop-dong/ban-ky/", contracts.upload_signed, name="upload_signed"),
    path(f"{_ROOM}hop-dong/ban-ky/<slug:key>/", contracts.signed_copy, name="signed_copy"),
    path(f"{_ROOM}hoi-dap/", questions.page, name="questions"),
    path(f"{_ROOM}hoi-dap/hoi/", questions.ask, name="ask"),
    path(f"{_QUESTION}tra-loi/", questions.answer, name="answer_question"),
    path(f"{_QUESTION}rut/", questions.withdraw, name="withdraw_question"),
    path(f"{_ROOM}danh-gia/", evaluations.page, name="evaluation"),
    path(f"{_ROOM}danh-gia/mo/", evaluations.open_one, name="open_evaluation"),
    path(f"{_ROOM}danh-gia/diem/", evaluations.score, name="score"),
    path(f"{_ROOM}danh-gia/nhom/", evaluations.add_reviewer, name="add_reviewer"),
    path(
        f"{_ROOM}danh-gia/nhom/<slug:key>/roi/", evaluations.remove_reviewer, name="remove_reviewer"
    ),
    path(f"{_ROOM}danh-gia/tiep/", evaluations.go_on, name="go_on_evaluation"),
    path(f"{_ROOM}danh-gia/ket-luan/", evaluations.conclude, name="conclude_evaluation"),
    path(f"{_ROOM}chuan-bi/", readiness.page, name="readiness"),
    path(f"{_ROOM}chuan-bi/lap/", readiness.plan, name="plan_readiness"),
    path(f"{_ROOM}chuan-bi/them/", readiness.add, name="add_preparation"),
    path(f"{_ROOM}chuan-bi/<slug:key>/giao/", readiness.assign, name="assign_preparation"),
    path(f"{_ROOM}chuan-bi/<slug:key>/viec/", readiness.move, name="move_preparation"),
    path(f"{_ROOM}khieu-nai/", disputes.page, name="disputes"),
    path(f"{_ROOM}khieu-nai/mo/", disputes.open_one, name="open_dispute"),
    path(f"{_DISPUTE}tra-loi/", disputes.say, {"act": "answer"}, name="answer_dispute"),
    path(f"{_DISPUTE}noi-them/", disputes.say, {"act": "add"}, name="add_to_dispute"),
    path(f"{_DISPUTE}rut/", disputes.withdraw, name="withdraw_dispute"),
    path(f"{_DISPUTE}hoa-giai/", disputes.mediate, name="mediate_dispute"),
    path(f"{_DISPUTE}ket-qua/", disputes.settle, name="settle_dispute"),
    *(
        path(f"{_MILESTONE}{word}/", room_acts.milestone, {"act": act}, name=f"milestone_{act}")
        for act, word in {
            "deliver": "ban-giao",
            "accept": "nghiem-thu",
            "return": "bo-sung",
        }.items()
    ),
]
