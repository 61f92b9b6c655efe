"""A person at a browser: opens pages, fills in forms, and complains of anything that axe or a narrow screen would."""

import re
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.portal import DEMO_FACTOR

AXE = Axe()
SERIOUS_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Describing everything that is in order takes axe as long as looking for what is not.
    "resultTypes": ["violations"],
}


class Walker:
    """One browser window of one person.

    Args:
        browser: Chromium.
        url: The portal.
        width: Of the window, in CSS pixels.
        script: Whether JavaScript runs; without it axe cannot look, everything else is checked.
        faults: Takes what is wrong with pages; a journey goes on and tells all of it in the end.
        kept: What the browser keeps of an earlier window, such as its sign-in.
    """

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        faults: list[str],
        width: int = 1200,
        script: bool = True,
        kept: StorageState | None = None,
    ) -> None:
        self.context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 800},
            java_script_enabled=script,
            locale="en-GB",
            is_mobile=width < 500,
            storage_state=kept,
        )
        self.page: Page = self.context.new_page()
        self.script = script
        self.seen: set[str] = set()
        self.faults = faults
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", lambda message: self._note_console(message.type, message.text))

    def close(self) -> None:
        """Close the window."""
        self.context.close()

    def open(self, path: str) -> "Walker":
        """Open a page and look at it."""
        response = self.page.goto(path)
        assert response is not None
        assert response.status < 400, f"{path}: {response.status}"
        return self.look()

    def look(self) -> "Walker":
        """Look at the page as it stands: axe, sideways scrolling, one heading. Each address is looked at once."""
        self.page.wait_for_load_state("load")
        key = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|/[\w-]{43}", "*", self.page.url)
        if key in self.seen:
            return self
        self.seen.add(key)
        if self.page.locator("h1").count() != 1:
            self.faults.append(f"{key}: {self.page.locator('h1').count()} headings of the first level")
        if self.script:
            wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
            if wide:
                self.faults.append(f"{key}: scrolls sideways")
            found = AXE.run(self.page, options=SERIOUS_RULES).response["violations"]
            self.faults += [f"{key}: axe {rule['id']}: {rule['nodes'][0]['html'][:200]}" for rule in found]
        return self

    def sign_in(self, email: str, password: str) -> "Walker":
        """Sign in by the form, and show the second factor of the demo where one is asked for."""
        self.open("/sign-in").type(email=email, password=password).send("Sign in")
        if "/sign-in/second-factor" in self.page.url:
            self.type(code=DEMO_FACTOR).send("Continue")
        expect(self.page).to_have_url(re.compile("/home$"))
        return self

    def sign_out(self) -> "Walker":
        """Sign out by the button in the header."""
        self.page.get_by_role("button", name="Sign out").click()
        return self.look()

    def type(self, **values: str) -> "Walker":
        """Type into fields, by their names."""
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)
        return self

    def choose(self, **values: str | list[str]) -> "Walker":
        """Choose radio buttons and tick boxes, by name and value."""
        for name, chosen in values.items():
            for value in [chosen] if isinstance(chosen, str) else chosen:
                self.page.locator(f"main [name='{name}'][value='{value}']").check(force=True)
        return self

    def select(self, name: str, label: str) -> "Walker":
        """Choose from a list that opens."""
        self.page.locator(f"main select[name='{name}']").select_option(label=label)
        return self

    def date(self, name: str, day: date) -> "Walker":
        """Fill in the three boxes of a date."""
        boxes = self.page.locator(f"main [name='{name}']")
        for place, number in enumerate((day.day, day.month, day.year)):
            boxes.nth(place).fill(str(number))
        return self

    def send(self, button: str) -> "Walker":
        """Press a button of the main part, and look at the page that follows; an error summary is a fault.

        Raises:
            AssertionError: The form was refused; the message holds its errors.
        """
        self.page.get_by_role("main").get_by_role("button", name=button, exact=True).click()
        self.look()
        summary = self.page.locator(".govuk-error-summary")
        assert not summary.count(), f"{self.page.url}: {summary.inner_text()}"
        return self

    def follow(self, text: str) -> "Walker":
        """Follow the first link of the main part with a text in its name."""
        self.page.get_by_role("main").get_by_role("link", name=text).first.click()
        return self.look()

    def press(self, text: str) -> "Walker":
        """Press a link that looks like a button."""
        self.page.get_by_role("main").get_by_role("button", name=text).first.click()
        return self.look()

    def sees(self, text: str) -> "Walker":
        """Expect a text in the main part.

        Raises:
            AssertionError: It is not there.
        """
        expect(self.page.get_by_role("main")).to_contain_text(text)
        return self

    def _note_console(self, kind: str, text: str) -> None:
        """Note what the browser complains of, such as a breach of the content security policy."""
        if kind == "error" and "status of 4" not in text:
            self.faults.append(f"{self.page.url}: console: {text[:200]}")
