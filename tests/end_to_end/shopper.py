"""A customer at a browser: goes through the store's pages as people do, and says what they saw."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

from terminal import browser

PICTURES = Path(__file__).parents[2] / ".bigpicture" / "screenshots"
"""What each page looked like in the last run."""
REFUSED = "Failed to load resource: the server responded with a status of 4"
PATIENCE_MS = 60_000
ALONE = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
"""A browser that asks nobody but the store."""


class Shopper:
    """One customer with a browser of their own, at the store that stands at *url*."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.complaints: list[str] = []
        """What the browser itself held against the pages: errors of scripts, what the security policy forbids."""
        self.barriers: list[str] = []
        """What axe (https://github.com/dequelabs/axe-core) found of each page: its rules for WCAG and good practice."""
        self.too_wide: list[str] = []
        """Pages that have to be scrolled sideways."""
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        """Take note of an error, but not of a service's refusal: to show that is the page's work."""
        if said.type == "error" and not said.text.startswith(REFUSED):
            self.complaints.append(said.text)

    def visit(self, path: str) -> None:
        """Open a page, and wait until it shows what it is for."""
        self.page.goto(self.url + path)
        self.ready()

    def ready(self) -> None:
        """Wait until the page has done what it does by itself."""
        self.page.wait_for_selector("body[data-ready]")

    def fill(self, form: str, **fields: str) -> None:
        """Fill the fields of a form by their names, and leave it unsent."""
        for name, value in fields.items():
            field = self.page.locator(f"#{form} [name={name}]")
            if field.evaluate("field => field.localName") == "select":
                field.select_option(value)
            else:
                field.fill(value)

    def send(self, form: str, **fields: str) -> None:
        """Fill a form and send it."""
        self.fill(form, **fields)
        self.page.click(f"#{form} button:not([type=button])")

    def told(self, words: str) -> str:
        """What the page says has happened, once it holds *words*."""
        said = self.page.locator("#said", has_text=words)
        said.wait_for()
        return said.inner_text()

    def texts(self, selector: str) -> list[str]:
        """The text of each element that fits, once there is one."""
        self.page.wait_for_selector(selector)
        return self.page.locator(selector).all_inner_texts()

    def look(self, name: str) -> None:
        """Keep what the page looks like, and take note of what is wrong with that."""
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.too_wide.append(name)
        found = Axe().run(self.page).response["violations"]
        self.barriers += [f"{name}: {each['id']} at {node['target']}" for each in found for node in each["nodes"]]


@contextmanager
def shopper(url: str) -> Iterator[Shopper]:
    """Somebody who has never been at the store at *url*, on a phone's screen."""
    arguments = [*ALONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser.require(), args=arguments)
        try:
            yield Shopper(opened.new_page(viewport={"width": 420, "height": 800}), url)
        finally:
            opened.close()
