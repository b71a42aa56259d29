"""The main path walked over HTTP against a running exchange: what `make demo-check` proves.

Every step says what it saw; the first one that is missing ends the walk with an error.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from marketplace.core import clock
from marketplace.demo.browser import Browser, NotThere, Page, Values
from marketplace.demo.people import PASSWORD, PEOPLE, Person
from marketplace.demo.totp import code_now

ENTERPRISE, _SECOND, INSTITUTE, OFFICER, LEAD, *_OTHERS = PEOPLE
#: From the last approval to everything a reader can see.
WITHIN_SECONDS = 5.0
#: A machine under load may be slower than the promise; the walk says so rather than failing.
PATIENCE = 30.0
CANARY = "Mật danh Cò Trắng 94"
RETURNED_BECAUSE = "Hãy ghi rõ vật liệu trong tên nhu cầu."


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
    #: Of this walk alone: several may walk one demo.
    mark: str = field(default_factory=lambda: f"{secrets.randbelow(9000) + 1000}")
    people: dict[str, Browser] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.first_title}, không dùng lưu huỳnh"

    @property
    def first_title(self) -> str:
        return f"Sấy dẻo xoài mẻ {self.mark} kg"

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
        _expect(
            english.soup.html is not None and english.soup.html.get("lang") == "en",
            "no English home page",
        )

    def post_need(self) -> None:
        browser = self.as_(ENTERPRISE)
        page = browser.get("/bang-dieu-khien/nhu-cau/moi/").form(having="text").submit({"text": ""})
        deadline = (clock.today() + timedelta(days=60)).strftime("%d/%m/%Y")
        page = self._write(
            page,
            {
                "need_kinds": ["buy", "license"],
                "title": self.first_title,
                "summary": "Xoài sấy dẻo ngả nâu sau hai tháng; cần giữ trên 85 % màu ở 200 kg mỗi mẻ.",
                "field_codes_0": "40107",
                "keywords": "sấy dẻo, xoài, bơm nhiệt, màu sắc",
            },
            {
                "problem": "Xưởng đang sấy xoài lát bằng không khí nóng ở 65 °C và xông lưu huỳnh; khách từ chối dư lượng sunfit.",
                "required": "Sấy dẻo xoài giữ màu vàng, nhiệt độ không quá 50 °C, không dùng lưu huỳnh.",
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
        _expect(page.has("Chờ duyệt"), f"not submitted: {_errors(page)}")

    def _write(self, page: Page, *steps: Values) -> Page:
        for values in steps:
            before = page.url
            page = page.form(having="seen").submit(values, button="tiep")
            _expect(page.url != before, f"step was not taken: {_errors(page)}")
        return page

    # --- 2 --------------------------------------------------------------------------------------

    def return_it(self) -> None:
        page = self._review(OFFICER, self.first_title)
        _expect(page.has("200 kg mỗi mẻ"), "staff do not see the submission")
        form = page.form(having="reject-reasons")
        reason = form.page.soup.select_one("input[name=reject-reasons]")
        _expect(reason is not None, "there is no reason to choose")
        done = form.submit(
            {"reject-reasons": str(reason["value"]), "reject-text": RETURNED_BECAUSE}
        )
        _expect(done.status == 200 and done.has("trả lại"), f"not returned: {_errors(done)}")

    def _review(self, person: Person, title: str) -> Page:
        """The review page of a submission, from what waits on the desk's first page."""
        desk = self.as_(person).get("/admin/")
        _expect(desk.status == 200, f"the desk answered {desk.status}")
        page = desk.browser.get(desk.link(title))
        _expect(page.status == 200, f"the review page answered {page.status}")
        return page

    def correct(self) -> None:
        browser = self.as_(ENTERPRISE)
        page = browser.get(f"{self.listing}/")
        _expect(page.has(RETURNED_BECAUSE), "the enterprise does not read why")
        page = browser.get(f"{self.listing}/sua/nhu-cau/")
        page.form(having="seen").submit({"title": self.title}, button="tiep")
        page = browser.get(f"{self.listing}/sua/xem-lai/").form(action="gui-duyet").submit()
        _expect(page.has("Chờ duyệt"), f"not in review after the correction: {page.text[:200]}")

    def approve(self) -> None:
        for person in (OFFICER, LEAD):
            _expect(self._public_title() is None, "public before the last approval")
            self._approve(person, self.title)
        self.approved_at = time.monotonic()

    def _approve(self, person: Person, title: str) -> None:
        form = self._review(person, title).form(having="approve-seen")
        done = form.submit(
            {"approve-standard": "on", "approve-grounds": "Đã tự đối chiếu với dữ liệu mẫu."}
        )
        _expect(done.has("Đã duyệt"), f"not approved: {_errors(done)}")

    def _public_title(self) -> str | None:
        page = Browser(self.base).get("/nhu-cau/")
        return self.title if page.has(self.title) else None

    # --- 3 --------------------------------------------------------------------------------------

    def published(self) -> str:
        public = Browser(self.base)
        self._until("the need is public", lambda: self._public_title() is not None)
        self.public_url = public.get("/nhu-cau/").link(self.title)
        self._until("search finds the need", lambda: self._found(public))
        owner = self.as_(ENTERPRISE)
        self._until(
            "the owner sees matches", lambda: bool(owner.get(self.public_url).soup.select(".match"))
        )
        self._until("the enterprise has mail", lambda: self._mailed(ENTERPRISE, self.title))
        self._until("the institute has mail", lambda: self._mailed(INSTITUTE, ""))
        seconds = time.monotonic() - self.approved_at
        slow = (
            "" if seconds < WITHIN_SECONDS else f" (more than the {WITHIN_SECONDS:.0f} s promised)"
        )
        return f"{seconds:.1f} s after approval{slow}"

    def _found(self, browser: Browser) -> bool:
        # As people type on a phone: without marks.
        page = browser.get(f"/tim-kiem/?q=say+deo+xoai+me+{self.mark}")
        return page.has(self.title)

    def _mailed(self, person: Person, title: str) -> bool:
        page = Browser(self.base).get(f"/demo/hop-thu/?to={person.email}")
        rows = page.soup.select(".inbox-row")
        return any(title in row.get_text() for row in rows)

    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE
        while not holds():
            _expect(time.monotonic() < ends, f"not within {PATIENCE:.0f} s: {what}")
            time.sleep(0.1)

    def reasons(self) -> str:
        owner = self.as_(ENTERPRISE).get(self.public_url)
        cards = owner.soup.select(".match")
        for card in cards:
            _expect(
                card.select_one("blockquote") is not None, f"no sentence in {card.get_text()[:80]}"
            )
        _expect(
            not Browser(self.base).get(self.public_url).soup.select(".match"),
            "the public sees matches",
        )
        other = self.as_(_SECOND).get(self.public_url)
        _expect(not other.soup.select(".match"), "another enterprise sees the matches")
        for browser in (Browser(self.base), self.as_(_SECOND), self.as_(INSTITUTE)):
            page = browser.get(self.public_url)
            _expect(CANARY not in str(page.soup), "confidential text is shown to others")
        _expect(CANARY in str(owner.soup), "the owner does not see the own confidential part")
        return f"{len(cards)} matches"

    # --- 4 --------------------------------------------------------------------------------------

    def post_equipment(self) -> str:
        browser = self.as_(INSTITUTE)
        title = f"Máy sấy dẻo xoài bơm nhiệt kiểu SL-{self.mark}"
        page = (
            browser.get("/bang-dieu-khien/thiet-bi/moi/").form(having="text").submit({"text": ""})
        )
        page = self._write(
            page,
            {
                "title": title,
                "summary": "Sấy dẻo xoài lát ở 45 °C, giữ 90 % màu, 250 kg mỗi mẻ, không dùng lưu huỳnh.",
                "field_codes_0": "40107",
                "condition": "new",
                "province_code": "01",
            },
            {
                "development_level": "commercial",
                "advantage": "Xoài sấy dẻo giữ 90 % màu sau sáu tháng, nhiệt độ sấy 45 °C, không dùng lưu huỳnh.",
                "principle": "Bơm nhiệt tách ẩm, không khí 40–50 °C tuần hoàn kín qua các tầng khay xoài lát.",
                "specifications-TOTAL_FORMS": "1",
                "specifications-0-name": "Công suất",
                "specifications-0-operator": "eq",
                "specifications-0-value": "250",
                "specifications-0-unit": "kg/mẻ",
            },
            {"supply_modes": ["sale"], "price_mode": "contact", "warranty": "Bảo hành 24 tháng"},
            {},
        )
        self.equipment = page.url.split("/sua/")[0]
        page = page.form(action="gui-duyet").submit()
        _expect(page.has("Chờ duyệt"), f"equipment was not submitted: {_errors(page)}")
        for person in (OFFICER, LEAD):
            self._approve(person, title)
        owner = self.as_(ENTERPRISE)
        self._until("the equipment is matched", lambda: self._matched(owner, title))
        return title

    def _matched(self, owner: Browser, title: str) -> bool:
        return any(
            title in card.get_text(" ") for card in owner.get(self.public_url).soup.select(".match")
        )

    # --- 5 --------------------------------------------------------------------------------------

    def contact_desk(self) -> str:
        desk = self.as_(OFFICER).get("/admin/")
        cases = desk.browser.get(desk.link("Hồ sơ liên hệ"))
        _expect(cases.status == 200, f"the contact desk answered {cases.status}")
        rows = cases.soup.select("table tbody tr")
        _expect(bool(rows), "no organisation waits on the contact desk")
        return f"{len(rows)} organisations wait to be contacted"

    # --- 6 --------------------------------------------------------------------------------------

    def withdraw(self) -> None:
        browser = self.as_(ENTERPRISE)
        page = browser.get(f"{self.listing}/rut/")
        page.form(action="", having="reason").submit({"reason": "Đã tìm được nhà cung cấp"})
        public = Browser(self.base)
        self._until("search forgets the need", lambda: not self._found(public))
        _expect(
            public.get(self.public_url).status in (404, 410), "the withdrawn need is still shown"
        )
        _expect(self._public_title() is None, "the list still shows it")
        institute = self.as_(INSTITUTE)
        for page_of in ("/bang-dieu-khien/", "/thong-bao/", "/nhu-cau-phu-hop/"):
            self._until(
                f"the institute is no longer shown the withdrawn need on {page_of}",
                lambda path=page_of: not institute.get(path).has(self.title),
            )


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotThere(otherwise)


def _errors(page: Page) -> str:
    found = [
        " ".join(tag.get_text(" ").split())
        for tag in page.soup.select(".field-error, .error-summary")
    ]
    return "; ".join(found)[:300] or page.text[:200]
