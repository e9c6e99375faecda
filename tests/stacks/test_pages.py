"""Pages as they are packed: what a page refers to is named by its content."""

import hashlib
import re
from pathlib import Path

import pytest

from app.contract import SERVICES
from stacks.data import PAGES
from stacks.pages import pack_pages

STYLE = "p { color: red }\n"
HASHED = f"css/style.{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}.css"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "style.css").write_text(STYLE, encoding="utf-8")
    (folder / "robots.txt").write_text("User-agent: *\n", encoding="utf-8")
    (folder / "about.html").write_text("<p>about</p>\n", encoding="utf-8")
    page = (
        '<link href="/css/style.css"><a href="/orders">o</a><a href="/about.html">a</a><a href="https://a.dev/x.css">'
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


def test_what_a_page_refers_to_is_named_by_its_content_and_pages_keep_their_names(source, tmp_path):
    assert set(pack_pages(source, tmp_path / "out")) == {"about.html", "index.html", "robots.txt", HASHED}


def test_a_page_says_the_new_name_and_leaves_every_other_link_alone(source, tmp_path):
    packed = pack_pages(source, tmp_path / "out")["index.html"].read_text(encoding="utf-8")
    assert packed == (
        f'<link href="/{HASHED}"><a href="/orders">o</a><a href="/about.html">a</a><a href="https://a.dev/x.css">'
    )


def test_new_content_has_a_new_name(source, tmp_path):
    before = set(pack_pages(source, tmp_path / "out"))
    (source / "css" / "style.css").write_text("p { color: blue }\n", encoding="utf-8")
    assert before - set(pack_pages(source, tmp_path / "out")) == {HASHED}


def test_the_same_pages_are_packed_the_same_twice(source, tmp_path):
    packed = [pack_pages(source, tmp_path / name) for name in ("one", "two")]
    assert [list(each) for each in packed] == [list(packed[0])] * 2
    assert packed[0]["index.html"].read_bytes() == packed[1]["index.html"].read_bytes()


def test_a_reference_to_a_file_that_is_not_there_is_refused(source, tmp_path):
    (source / "index.html").write_text('<img src="/logo.png">', encoding="utf-8")
    with pytest.raises(ValueError, match=r"index\.html refers to /logo\.png; allowed: about\.html, css/style\.css"):
        pack_pages(source, tmp_path / "out")


def test_the_landing_page_leads_to_every_service():
    links = re.findall(r'<a href="(/[^"]*)"', (PAGES / "index.html").read_text(encoding="utf-8"))
    assert links == list(SERVICES.values())


def test_the_landing_page_needs_nothing_that_its_security_policy_forbids():
    page = (PAGES / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script|<style|\bstyle=|\bon[a-z]+=|https?://", page) == []
