import threading
import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory
from django_htmx.http import HttpResponseClientRedirect

from marketplace.accounts.models import Exchange
from marketplace.core import clock
from marketplace.core.idempotency import FIELD, idempotent
from marketplace.core.models import IdempotencyKey
from marketplace.core.tasks import KEPT_KEYS, clean
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def made():
    return Exchange.objects.filter(slug__startswith="made-").count()


@idempotent
def create(request):
    number = made()
    Exchange.objects.create(slug=f"made-{number}", name=request.POST.get("name", ""))
    return HttpResponseRedirect(f"/xong/{number}/")


def post(view, key="k" * 22, user=None, path="/tao/", **data):
    request = RequestFactory().post(path, {FIELD: key, **data})
    request.user = user or AnonymousUser()
    return view(request)


def test_repeat_is_led_where_the_first_was_led():
    answers = [post(create)["Location"] for _ in range(3)]
    assert answers == ["/xong/0/"] * 3
    assert made() == 1


@pytest.mark.parametrize(
    "second",
    [
        {"key": "another-key"},
        {"path": "/khac/"},
        {"name": "changed after going back"},
        {"file": SimpleUploadedFile("a.txt", b"two")},
    ],
    ids=["key", "path", "content", "file"],
)
def test_other_request_is_not_taken_for_a_repeat(second):
    post(create, file=SimpleUploadedFile("a.txt", b"one"))
    post(create, **({"file": SimpleUploadedFile("a.txt", b"one")} | second))
    assert made() == 2


def test_same_file_again_is_a_repeat_and_can_still_be_read():
    @idempotent
    def view(request):
        Exchange.objects.create(slug="made-1", name=request.FILES["file"].read().decode())
        return HttpResponseRedirect("/")

    for _ in range(2):
        post(view, file=SimpleUploadedFile("a.txt", b"one"))
    assert Exchange.objects.get(slug="made-1").name == "one"


def test_new_token_of_the_same_form_is_a_repeat():
    post(create, csrfmiddlewaretoken="a")
    post(create, csrfmiddlewaretoken="b")
    assert made() == 1


def test_key_of_another_person_tells_nothing():
    post(create, user=UserFactory())
    answer = post(create, user=UserFactory())
    assert answer.status_code == 409
    assert "Location" not in answer
    assert made() == 1


def test_form_without_a_key_runs_each_time():
    for _ in range(2):
        post(create, key="")
    assert made() == 2


def test_form_shown_again_with_errors_may_be_posted_again():
    answers = iter([HttpResponse("errors"), HttpResponseRedirect("/xong/")])
    view = idempotent(lambda request: next(answers))
    assert post(view).status_code == 200
    assert post(view)["Location"] == "/xong/"


def test_redirect_of_an_htmx_form_is_repeated_as_one():
    answers = iter([HttpResponseClientRedirect("/xong/")])
    view = idempotent(lambda request: next(answers))
    assert [post(view)["HX-Redirect"] for _ in range(2)] == ["/xong/"] * 2


def test_long_address_is_kept_whole():
    address = "/xong/?" + "a" * 3000
    answers = iter([HttpResponseRedirect(address)])
    view = idempotent(lambda request: next(answers))
    assert [post(view)["Location"] for _ in range(2)] == [address] * 2


@pytest.mark.parametrize("error", [ZeroDivisionError, Http404])
def test_view_that_raises_leaves_neither_key_nor_work(error):
    @idempotent
    def view(request):
        Exchange.objects.create(slug="made-x", name="x")
        raise error

    with pytest.raises(error):
        post(view)
    assert not made()
    assert not IdempotencyKey.objects.exists()


def test_public_mark_of_a_view_is_kept():
    def view(request):
        return HttpResponse()

    view.login_required = False
    assert idempotent(view).login_required is False


def test_tag_gives_each_form_its_own_key():
    forms = {Template("{% load core %}{% idempotency %}").render(Context()) for _ in range(3)}
    assert len(forms) == 3
    assert all(f'name="{FIELD}"' in form for form in forms)


def test_old_keys_are_cleaned_away():
    post(create)
    with clock.frozen_at(clock.now() + KEPT_KEYS / 2):
        clean()
    assert IdempotencyKey.objects.count() == 1
    with clock.frozen_at(clock.now() + KEPT_KEYS * 2):
        clean()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_second_click_while_the_first_runs_waits_for_its_answer():
    inside, answers = threading.Event(), []

    @idempotent
    def slow(request):
        inside.set()
        time.sleep(0.3)
        return create.__wrapped__(request)

    def click():
        answers.append(post(slow)["Location"])
        connections.close_all()

    first = threading.Thread(target=click)
    first.start()
    inside.wait(5)
    second = threading.Thread(target=click)
    second.start()
    first.join()
    second.join()
    assert answers == ["/xong/0/"] * 2
    assert made() == 1


@pytest.mark.kill
def test_killed_inside_the_view_leaves_nothing_and_the_repeat_runs_once(other_process):
    process = other_process(
        f"""
        import time
        from django.contrib.auth.models import AnonymousUser
        from django.http import HttpResponseRedirect
        from django.test import RequestFactory
        from marketplace.accounts.models import Exchange
        from marketplace.core.idempotency import FIELD, idempotent

        @idempotent
        def view(request):
            Exchange.objects.create(slug="made-0", name="")
            print("made", flush=True)
            time.sleep(60)

        request = RequestFactory().post("/tao/", {{FIELD: {"k" * 22!r}}})
        request.user = AnonymousUser()
        view(request)
        """
    )
    process.wait_for("made")
    process.kill()
    assert not made()
    assert post(create)["Location"] == post(create)["Location"] == "/xong/0/"
    assert made() == 1
    connection.close()
