"""The HTML report in a real browser: strict policy, keyboard, pointer, width, contrast, print."""

import base64
import json
import os
import shutil
import time
from ipaddress import ip_address, ip_network

import pytest

import policycheck as pc
from policycheck.diagnostics import Source
from policycheck.model.address import AddressBetween, Family
from policycheck.model.environment import Endpoint, Environment
from policycheck.model.region import By
from policycheck.model.review import PolicyReview, Review
from policycheck.read.policy import parse_policy
from policycheck.report.html import render
from policycheck.report.html.hilbert import SIDE, tiles

webdriver = pytest.importorskip("selenium.webdriver")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="neither chromium nor chromedriver is installed"
)

ALERTS = "<script>alert(1)</script><img src=https://example.com/x onerror=alert(2)>"
POLICY = """{"Version": "2012-10-17", "Statement": [
 {"Sid": "ALERTS", "Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
  "Resource": "execute-api:/*",
  "Condition": {"IpAddress": {"aws:SourceIp": ["8.8.0.0/16", "9.0.0.0/8"]},
   "StringNotEquals": {"aws:RequestTag/ALERTS": "ALERTS"}}},
 {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
  "Resource": "execute-api:/prod/GET/pets/*",
  "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-11-27T17:30:00Z"}}}]}""".replace(
    "ALERTS", ALERTS
)
SPEC = """
version: 1
api: {endpoint: regional}
assertions:
  - {id: first, description: "<b onclick=alert(3)>bold</b>", never_allowed: {source_ip: 9.9.9.9}}
  - {id: second, sometimes_allowed: {stage: dev}}
  - {id: third, never_allowed: {source_vpc: present}}
"""

# The contrast of every text with what is behind it, by WCAG 2.2 (1.4.3).
CONTRAST = """
const luminance = ([r, g, b]) => {
  const part = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
const parts = (text) => text.match(/[\\d.]+/g).map(Number);
const behind = (one) => {
  for (; one; one = one.parentElement) {
    const found = parts(getComputedStyle(one).backgroundColor);
    if (found.length === 3 || found[3] === 1) return found;
  }
  return [255, 255, 255];
};
return [...document.querySelectorAll("body *")].filter((one) =>
  !one.closest("svg, script, .unseen, .skip, [hidden]") && one.checkVisibility() &&
  [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
).map((one) => {
  const [a, b] = [luminance(parts(getComputedStyle(one).color)), luminance(behind(one))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return [ratio, one.className, one.textContent.slice(0, 30)];
}).filter(([ratio]) => ratio < 4.5);
"""


def page():
    known = Environment(endpoint=Endpoint.REGIONAL)
    about = parse_policy(Source(f"{ALERTS}.json", POLICY))
    spec = pc.parse_spec(Source("spec.yaml", SPEC), None)
    report = pc.prove(about, spec)
    one = PolicyReview(
        about,
        report.verdicts,
        pc.lint(about, pc.Setting.of(known)).policies[0],
        pc.reach(about, known, By.ROUTE),
    )
    old = parse_policy(Source("old.json", POLICY.replace("9.0.0.0/8", "11.0.0.0/8")))
    return render.render(Review((one,), pc.diff(old, about, known)))


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for one in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(one)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    profile = tmp_path_factory.mktemp("profile")
    options.add_argument(f"--user-data-dir={profile}")
    service = webdriver.ChromeService(executable_path=DRIVER, log_output=os.devnull)
    driver = webdriver.Chrome(options=options, service=service)
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "review.html"
    path.write_text(page(), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser, file):
    """The page on a wide screen in the light scheme, or as asked for."""

    def opening(width=1280, scheme="light"):
        feature = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": feature})
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get(file)
        return browser

    return opening


def test_nothing_is_blocked_run_or_fetched(opened):
    browser = opened()
    assert browser.get_log("browser") == []
    assert browser.execute_script("return document.images.length") == 0
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    events = [json.loads(one["message"])["message"] for one in browser.get_log("performance")]
    asked = [one for one in events if one["method"] == "Network.requestWillBeSent"]
    urls = [one["params"]["request"]["url"] for one in asked]
    assert [one for one in urls if one.startswith("file:")]
    assert not [one for one in urls if not one.startswith(("file:", "data:", "chrome:"))]
    assert ALERTS in browser.execute_script("return document.body.innerText")
    assert "onerror=alert(2)>.json · policycheck" in browser.title


def test_a_script_of_an_input_would_be_refused(opened):
    browser = opened()
    browser.execute_script(
        "const s = document.createElement('div');"
        "s.innerHTML = '<img src=x onerror=\"window.ran=1\">';"
        "document.body.append(s)"
    )
    assert browser.execute_script("return window.ran") is None
    assert browser.get_log("browser")


def test_every_control_is_reached_with_the_tabulator(opened):
    browser = opened()
    wanted = browser.execute_script(
        "return [...document.querySelectorAll('a[href], summary, button, select, [tabindex]')]"
        ".filter(one => one.checkVisibility()).length"
    )
    seen = set()
    for _ in range(wanted + 5):
        browser.execute_cdp_cmd(
            "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Tab", "windowsVirtualKeyCode": 9}
        )
        place = "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
        seen.add(browser.execute_script(f"return {place}"))
    controls = browser.execute_script(
        "const all = [...document.querySelectorAll('*')];"
        "return [...document.querySelectorAll('a[href], summary, button, select, [tabindex]')]"
        ".filter(one => one.checkVisibility()).map(one => all.indexOf(one))"
    )
    assert set(controls) <= seen


def readout(browser, figure=1):
    return browser.execute_script(
        f"return document.querySelectorAll('.readout')[{figure}].textContent"
    )


def test_arrow_keys_move_over_the_map(opened):
    browser = opened()
    browser.execute_script("document.querySelectorAll('.map svg')[1].focus()")
    (tile,) = tiles(_ranges("9.0.0.0/8"))
    moves = ["ArrowRight"] * round(tile.x / 64) + ["ArrowDown"] * round(tile.y / 64)
    for key in moves:
        browser.execute_script(
            "const event = new KeyboardEvent('keydown', {key: arguments[0]});"
            "document.activeElement.dispatchEvent(event)",
            key,
        )
    assert readout(browser) == "9.0.0.0/8\nallowed"


def _ranges(block):
    network = ip_network(block)
    return [AddressBetween(Family.V4, int(network[0]), int(network[-1]))]


@pytest.mark.parametrize("address", ["8.8.8.8", "9.1.2.3", "10.0.0.1", "203.0.113.9", "224.0.0.1"])
def test_the_pointer_is_told_the_block_that_it_is_over(opened, address):
    browser = opened()
    (tile,) = tiles(_ranges(f"{address}/32"))
    browser.execute_script(
        """const svg = document.querySelectorAll('.map svg')[1], box = svg.getBoundingClientRect();
        svg.dispatchEvent(new PointerEvent('pointermove', {
          clientX: box.left + arguments[0] * box.width,
          clientY: box.top + arguments[1] * box.height}))""",
        tile.x / SIDE,
        tile.y / SIDE,
    )
    block, state = readout(browser).split("\n", 1)
    assert ip_address(address) in ip_network(block)
    assert ip_network(block).prefixlen == 16
    private = address.startswith(("10.", "224."))
    assert state.startswith("special-purpose" if private else "allowed")


def test_the_map_of_a_route_can_be_chosen(opened):
    browser = opened()
    shown = (
        "return document.querySelectorAll('.map')[1].querySelector('ul:not([hidden])').innerText"
    )
    before = browser.execute_script(shown)
    browser.execute_script(
        "const s = document.querySelector('.map select'); s.value = '2';"
        "s.dispatchEvent(new Event('change'))"
    )
    assert browser.execute_script(shown) != before


@pytest.mark.parametrize("width", [320, 400, 768, 1280])
def test_no_width_scrolls_sideways(opened, width):
    browser = opened(width)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(opened, scheme):
    browser = opened(scheme=scheme)
    browser.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.execute_script(CONTRAST) == []
    background = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert background == {"light": "rgb(246, 247, 249)", "dark": "rgb(15, 20, 28)"}[scheme]


def test_paper_has_what_is_folded(opened):
    browser = opened()
    browser.execute_script(
        "window.addEventListener('beforeprint', () => {"
        " window.folded = document.querySelectorAll('details:not([open])').length })"
    )
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
    assert base64.b64decode(printed["data"]).startswith(b"%PDF")
    assert browser.execute_script("return window.folded") == 0


def test_a_link_to_a_folded_line_unfolds_it(opened):
    browser = opened()
    browser.execute_script(
        "document.querySelector('section.policy > section:last-of-type details').open = false;"
        "location.hash = '#p1-l2'"
    )
    folded = "return !!document.getElementById('p1-l2').closest('details:not([open])')"
    deadline = time.monotonic() + 5
    while browser.execute_script(folded) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not browser.execute_script(folded)
