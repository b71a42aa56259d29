"""The main path walked over HTTP against a running exchange: what `make demo-check` proves.

Every step says what it saw; the first one that is missing ends the walk with an error.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from marketplace.core import clock
from marketplace.demo.browser import Browser, NotThere, Page, Values
from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.totp import code_now

ENTERPRISE, _SECOND, INSTITUTE, OFFICER, LEAD = PEOPLE
#: From the last approval to everything a reader can see.
WITHIN_SECONDS = 5.0
#: A machine under load may be slower than the promise; the walk says so rather than failing.
PATIENCE = 30.0
CANARY = "Mật danh Cò Trắng 94"


def sign_in(base: str, person: Person) -> Browser:
    browser = Browser(base)
    page = browser.get("/tai-khoan/login/")
    page = page.form(having="password").submit({"login": person.email, "password": PASSWORD})
    if person.totp_secret:
        # A code is good once: wait for the next one where another walk has used this.
        for _attempt in range(3):
            page = page.form(having="code").submit({"code": code_now(person.totp_secret)})
            if not _asks_for_code(page):
                break
            time.sleep(11)
    if page.status != 200 or page.soup.find("input", attrs={"name": "password"}):
        raise NotThere(f"{person.email} could not sign in: {page.text[:200]}")
    return browser


def _asks_for_code(page: Page) -> bool:
    return page.soup.find("input", attrs={"name": "code"}) is not None


@dataclass
class Walk:
    base: str
    say: Callable[[str], None]
    title: str = "Giữ màu lá tía tô sau khi sấy, dưới 50 °C"
    people: dict[str, Browser] = field(default_factory=dict)

    def as_(self, person: Person) -> Browser:
        if person.email not in self.people:
            self.people[person.email] = sign_in(self.base, person)
        return self.people[person.email]

    def run(self) -> None:
        for name, step in self.steps():
            began = time.monotonic()
            note = step() or ""
            self.say(f"ok   {name} ({time.monotonic() - began:.1f} s){': ' if note else ''}{note}")

    def steps(self) -> Iterator[tuple[str, Callable[[], str | None]]]:
        yield "the public reads the home page", self.public_home
        yield "an enterprise posts a need step by step", self.post_need
        yield "staff return it with a reason", self.return_it
        yield "the enterprise reads why, corrects and submits again", self.correct
        yield "two levels of staff approve", self.approve
        yield "the need is public, found, matched and told about", self.published
        yield "matches carry reasons and are nobody else's business", self.reasons
        yield "an institute posts equipment, and it is matched", self.post_equipment
        yield "an organisation that is not here goes to the contact desk", self.contact_desk
        yield "withdrawn, it is nowhere any more", self.withdraw

    # --- 1 --------------------------------------------------------------------------------------

    def public_home(self) -> None:
        page = Browser(self.base).get("/")
        _expect(page.status == 200, f"home page answered {page.status}")
        english = Browser(self.base).get("/en/")
        _expect(english.soup.html is not None and english.soup.html.get("lang") == "en", "no English home page")

    def post_need(self) -> None:
        browser = self.as_(ENTERPRISE)
        page = browser.get("/bang-dieu-khien/nhu-cau/moi/").form(having="text").submit({"text": ""})
        deadline = (clock.today() + timedelta(days=60)).strftime("%d/%m/%Y")
        page = self._write(
            page,
            {
                "need_kinds": ["buy", "license"],
                "title": "Giữ màu lá",
                "summary": "Lá tía tô sấy mất màu sau hai tháng; cần giữ trên 85 % màu ở 200 kg mỗi mẻ.",
                "field_codes": ["40107"],
                "keywords": "sấy lạnh, tía tô, màu sắc",
            },
            {
                "problem": "Xưởng đang sấy lá và quả bằng không khí nóng ở 65 °C, màu ngả nâu, khách trả hàng.",
                "required": "Sấy rau quả giữ màu, nhiệt độ không quá 50 °C, không dùng lưu huỳnh.",
            },
            {
                "specifications-TOTAL_FORMS": "2",
                "specifications-0-name": "Nhiệt độ sấy",
                "specifications-0-operator": "le",
                "specifications-0-value": "50",
                "specifications-0-unit": "°C",
                "specifications-1-name": "Công suất",
                "specifications-1-operator": "ge",
                "specifications-1-value": "200",
                "specifications-1-unit": "kg/mẻ",
            },
            {
                "partners_sought": ["institute", "enterprise"],
                "budget_min": "500 triệu",
                "budget_max": "1,2 tỷ",
                "deadline": deadline,
                "province_code": "75",
            },
            {"confidential": CANARY},
        )
        self.listing = page.url.split("/sua/")[0]
        preview = browser.get(f"{self.listing}/xem-truoc/")
        _expect(preview.status == 200, f"preview answered {preview.status}")
        page = page.form(action="gui-duyet").submit()
        _expect(page.has("Chờ duyệt"), f"after submission: {page.text[:300]}")

    def _write(self, page: Page, *steps: Values) -> Page:
        for values in steps:
            before = page.url
            page = page.form(having="seen").submit(values, button="tiep")
            _expect(page.url != before, f"step was not taken: {_errors(page)}")
        return page

    # --- 2 --------------------------------------------------------------------------------------

    def return_it(self) -> None:
        self._decide(OFFICER, "need", "reject", {"comment": "Hãy ghi rõ vật liệu trong tên."})

    def _decide(self, person: Person, kind: str, action: str, values: Values | None = None) -> None:
        """What the buttons of the review step do: the modal's form, as the admin page fetches it."""
        staff = self.as_(person)
        address = self._review_address(staff, kind)
        page = staff.get(f"{address}?next=/admin/")
        forms = page.soup.find_all("form")
        _expect(bool(page.status == 200), f"review form answered {page.status}")
        pairs = [("csrfmiddlewaretoken", self._csrf(staff))]
        if action == "reject":
            reasons = [str(box["value"]) for box in page.soup.select("input[name=reasons]")]
            pairs += [("reasons", value) for value in reasons[:1]]
        pairs += [(k, v) for k, v in (values or {}).items() if isinstance(v, str)]
        _expect(action == "approve" or bool(pairs), f"no form in {len(forms)}")
        answer = staff.post(address.replace("/ACTION/", f"/{action}/"), pairs)
        _expect(answer.status == 200, f"{action} answered {answer.status}")

    def _csrf(self, browser: Browser) -> str:
        return next((c.value or "" for c in browser.cookies if "csrftoken" in c.name), "")

    def _review_address(self, staff: Browser, kind: str) -> str:
        raise NotImplementedError

    # --- 3 and on ---------------------------------------------------------------------------------

    def correct(self) -> None:
        browser = self.as_(ENTERPRISE)
        page = browser.get(f"{self.listing}/")
        _expect(page.has("Hãy ghi rõ vật liệu trong tên."), "the enterprise does not read why")
        page = browser.get(f"{self.listing}/sua/nhu-cau/")
        page = page.form(having="seen").submit({"title": self.title}, button="tiep")
        page = browser.get(f"{self.listing}/sua/xem-lai/").form(action="gui-duyet").submit()
        _expect(page.has("Chờ duyệt"), "not in review after the correction")

    def approve(self) -> None: ...

    def published(self) -> str: ...

    def reasons(self) -> None: ...

    def post_equipment(self) -> None: ...

    def contact_desk(self) -> None: ...

    def withdraw(self) -> None: ...


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotThere(otherwise)


def _errors(page: Page) -> str:
    found = [" ".join(tag.get_text(" ").split()) for tag in page.soup.select(".field-error, .error-summary")]
    return "; ".join(found)[:300] or page.text[:200]
