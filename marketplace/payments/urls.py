from django.urls import URLPattern, path

from marketplace.payments.views import accounts, licences, payments, providers, statements

app_name = "payments"

urlpatterns: list[URLPattern] = [
    path("thanh-toan/", payments.payments, name="payments"),
    path("thanh-toan/goi-lai/<slug:provider>/", providers.webhook, name="webhook"),
    path("thanh-toan/moc/<slug:public_id>/", payments.ask_for_milestone, name="ask"),
    path("thanh-toan/phi/", payments.ask_for_fee, name="fee"),
    path("thanh-toan/tai-khoan/", accounts.accounts, name="accounts"),
    path("thanh-toan/tai-khoan/moi/", accounts.add, name="account_new"),
    path("thanh-toan/tai-khoan/<slug:public_id>/xac-minh/", accounts.verify, name="account_verify"),
    path(
        "thanh-toan/tai-khoan/<slug:public_id>/thoi-dung/", accounts.retire, name="account_retire"
    ),
    path("thanh-toan/sao-ke/", statements.statements, name="statements"),
    path("thanh-toan/sao-ke/<slug:public_id>/", statements.statement, name="statement"),
    path("thanh-toan/doi-soat/", statements.desk, name="desk"),
    path("thanh-toan/doi-soat/<slug:public_id>/", statements.desk_item, name="desk_item"),
    path("thanh-toan/so-cai/<slug:public_id>/", payments.ledger, name="ledger"),
    path("thanh-toan/hoa-don/<slug:public_id>/", payments.invoice_file, name="invoice_file"),
    path("thanh-toan/<slug:public_id>/", payments.payment, name="payment"),
    path("thanh-toan/<slug:public_id>/huy/", payments.cancel, name="cancel"),
    path("thanh-toan/<slug:public_id>/da-nhan/", payments.confirm, name="confirm"),
    path("thanh-toan/<slug:public_id>/hoan-tien/", payments.refund, name="refund"),
    path("thanh-toan/<slug:public_id>/hoa-don/", payments.add_invoice, name="add_invoice"),
    path("thanh-toan/<slug:public_id>/the-gia/", providers.demo_page, name="demo_card"),
    path("thanh-toan/<slug:public_id>/giay/<slug:kind>/", payments.paper, name="paper"),
    path("giay-phep/mo/<slug:kind>/<slug:public_id>/", licences.offer, name="licence_offer"),
    path("giay-phep/<slug:public_id>/", licences.licence, name="licence"),
    path("giay-phep/<slug:public_id>/mua/", licences.buy, name="licence_buy"),
    path("giay-phep/<slug:public_id>/rut/", licences.withdraw, name="licence_withdraw"),
]
