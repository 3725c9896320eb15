"""The HTML report as text: what is in it, and that nothing of an input is markup."""

import datetime as dt
import re
from html.parser import HTMLParser

import hostile
import pytest
from reporting import everything, policy

import policycheck as pc
from policycheck.diagnostics import Source
from policycheck.model.region import By
from policycheck.model.review import PolicyReview, Review
from policycheck.read.policy import parse_policy
from policycheck.report.html import render

KNOWN = set(
    re.findall(
        r"\w+",
        "a article body button caption circle dd details div dl dt em figcaption figure footer g "
        "h1 h2 h3 head header html label li main meta nav option p path pre rect script section "
        "select small span strong style summary svg table tbody td th thead time title tr ul",
    )
)


class Reader(HTMLParser):
    """Notes every element, attribute and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def review_of(report, **rest):
    policies = {id(one.policy): one.policy for one in report.verdicts}
    reviews = [
        PolicyReview(one, tuple(v for v in report.verdicts if v.policy is one))
        for one in policies.values()
    ]
    return Review(tuple(reviews), failures=report.failures, **rest)


def hostile_review():
    about = hostile.policy()
    verdicts = tuple(pc.Verdict(about, v.assertion, v.status, v.counterexample, because=v.because,
                                reason=v.reason, notes=v.notes)
                     for v in hostile.proof().verdicts)  # fmt: skip
    findings = hostile.lint().policies[0]
    one = PolicyReview(about, verdicts, findings, pc.reach(about, by=By.ROUTE))
    return Review((one,), pc.diff(about, policy()), hostile.failures())


@pytest.fixture(scope="module")
def hostile_page():
    return render.render(hostile_review())


def test_hostile_texts_are_text(hostile_page):
    found = Reader(hostile_page)
    assert set(found.tags) <= KNOWN
    names = {name for name, _ in found.attributes}
    assert not [name for name in names if name.startswith("on") or name in {"style", "src"}]
    assert all(value.startswith("#") for name, value in found.attributes if name == "href")
    shown = "".join(found.texts)
    assert "<script>alert(1)</script>" in shown
    assert "\x1b" not in hostile_page
    assert "\u202e" not in hostile_page


def test_scripts_are_the_package_s_own(hostile_page):
    scripts = re.findall(r"<script[^>]*>", hostile_page)
    assert scripts.count("<script>") == 1
    assert set(scripts) == {"<script>", '<script type="application/json">'}
    policies = re.findall(r'Content-Security-Policy" content="([^"]*)"', hostile_page)
    assert len(policies) == 1
    assert "unsafe" not in policies[0]
    assert policies[0].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")


def test_nothing_comes_from_elsewhere(hostile_page):
    found = Reader(hostile_page)
    assert not {"link", "img", "iframe", "object"} & set(found.tags)
    style = re.search(r"<style>(.*?)</style>", hostile_page, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_every_verdict_is_there_with_its_counterexample():
    text = "".join(Reader(render.render(review_of(everything(), day=dt.date(2030, 1, 2)))).texts)
    assert "2030-01-02" in text
    for verdict in everything().verdicts:
        assert verdict.assertion.id in text
    assert "This request is allowed, and must never be: POST /pets/a b/7 on stage prod" in text
    assert "No public address can invoke /prod" in text
    assert "Version must be a string" in text


def test_the_lines_that_decide_are_marked():
    text = render.render(review_of(everything()))
    assert re.search(r'<span class="row allow">\s*<span class="number">6</span>', text)


def test_ids_are_unique_and_links_have_targets(hostile_page):
    found = Reader(hostile_page)
    ids = [value for name, value in found.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for name, value in found.attributes if name == "href"}
    assert links - {""} <= set(ids)


def test_an_empty_review():
    assert "<h1>0 policies</h1>" in render.render(Review())


def test_a_long_text_is_shown_around_its_statements():
    about = parse_policy(Source("long.json", policy().source.text + "\n" * 5_000))
    text = render.render(Review((PolicyReview(about),)))
    assert 'id="p1-l21"' in text
    assert 'id="p1-l2000"' not in text
