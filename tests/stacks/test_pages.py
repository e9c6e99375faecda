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


def test_a_script_is_named_by_its_content_with_what_it_imports(source, tmp_path):
    page, scripts = '<script type="module" src="/js/a.js"></script>', source / "js"
    scripts.mkdir()
    (source / "index.html").write_text(page, encoding="utf-8")
    (scripts / "a.js").write_text('import { b } from "/js/b.js";\n', encoding="utf-8")
    keys = []
    for value in (1, 2):
        (scripts / "b.js").write_text(f"export const b = {value};\n", encoding="utf-8")
        packed = pack_pages(source, tmp_path / "out")
        [(a, path)] = [(key, path) for key, path in packed.items() if key.startswith("js/a.")]
        [b] = [key for key in packed if key.startswith("js/b.")]
        assert path.read_text(encoding="utf-8") == f'import {{ b }} from "/{b}";\n'
        keys += [a, b]
    assert len(set(keys)) == 4


def test_scripts_that_import_each_other_are_refused(source, tmp_path):
    (source / "index.html").write_text('<script src="/a.js">', encoding="utf-8")
    (source / "a.js").write_text('import "/b.js";', encoding="utf-8")
    (source / "b.js").write_text('import "/a.js";', encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"import each other: index\.html -> a\.js -> b\.js -> a\.js; allowed: one way"
    ):
        pack_pages(source, tmp_path / "out")


def test_the_landing_page_leads_to_every_service():
    footer = (PAGES / "index.html").read_text(encoding="utf-8").partition("<footer>")[2]
    assert re.findall(r'<a href="(/[^"]*)"', footer) == [f"{path}/about" for path in SERVICES.values()]


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.html")))
def test_a_page_needs_nothing_that_the_stores_security_policy_forbids(page):
    text = (PAGES / page).read_text(encoding="utf-8")
    script = '<script type="module" src="/js/[a-z-]+.js"></script>'
    assert re.findall(r"<script|<style|\bstyle=|\bon[a-z]+=|https?://", re.sub(script, "", text)) == []


@pytest.mark.parametrize("script", sorted(path.name for path in (PAGES / "js").glob("*.js")))
def test_no_script_makes_markup_of_text(script):
    text = (PAGES / "js" / script).read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text) == []
