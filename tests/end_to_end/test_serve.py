"""From `up` to a page in the browser, and nothing left of it after `down`."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.waiting import eventually

WHO = {"email": "eve@example.org", "password": "correct horse battery", "name": "Eve"}


@dataclass(frozen=True, slots=True)
class Story:
    """What each step answered, in the order in which they were taken."""

    served: dict[str, Any]
    page: tuple[int, str]
    signed_up: tuple[int, str]
    status: dict[str, Any]
    again: dict[str, Any]
    while_it_ran: int
    after_down: list[str]


@pytest.fixture(scope="module")
def story(checkout):
    served = checkout.json("up", "--scaling", "vertical")["served"]
    [url] = served["urls"]
    page, signed_up = ask(url, "GET", "/"), ask(url, "POST", "/accounts/customers", WHO)
    status, again, running = checkout.json("status"), checkout.json("serve"), len(programs_of(checkout))
    checkout.run("down")
    left = eventually(lambda: programs_of(checkout), [])  # an account frees its lock first, its memory seconds after
    return Story(served, page, signed_up, status, again, running, left)


def ask(url, method, path, body=None):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "", place.port or 80, timeout=30)
    connection.request(method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def programs_of(checkout):
    """The command line of every process that works in a folder of this checkout."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            folder = str((process / "cwd").readlink())
            command = (process / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
        if folder.startswith(str(checkout.folder)):
            found.append(command)
    return found


def test_every_target_is_healthy_once_up_has_ended(story):
    assert (story.served["healthy"], story.served["trouble"]) == (story.served["targets"], "")


def test_the_first_page_is_at_the_address_that_up_prints(story):
    assert (story.page[0], story.page[1][:15]) == (200, "<!doctype html>")


def test_a_customer_signs_up_at_that_address(story):
    assert story.signed_up[0] == 201


def test_status_says_the_same_address(story):
    assert story.status["served"]["urls"] == story.served["urls"]


def test_serving_what_is_served_already_changes_nothing(story):
    assert story.again["urls"] == story.served["urls"]


def test_nothing_runs_any_more_after_down(story):
    assert (story.while_it_ran > 8, story.after_down) == (True, [])


def test_servers_without_an_account_are_refused(checkout, story):
    said = checkout.run("serve", expect=1).stderr
    assert said == "Error: nothing is running; allowed: after `up`. Fix: ./bigpicture up\n"
