"""Tests of the site in a real browser; skipped without Chromium.

Every test fails on a message in the console, on a page error and on a request to another host.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.site.browsing import CHROMIUM, Watched

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium; CHROMIUM names one"),
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
WALKED = ("/", "/trending", "/digest", "/digest/2025-03-12", "/digest/2025-W11",
          "/paper/2503.00001", "/paper/t-0123456789ab", "/marks", "/marks?show=all", "/for-you",
          "/leaderboard",
          "/leaderboard/imagenet-1k/accuracy", "/leaderboard/imagenet-1k/accuracy?against=size",
          "/tasks", "/task/image-recognition", "/model/Detector-L", "/dataset/coco",
          "/dataset/imagenet-1k", "/metric/map",
          "/repository/github.com/lee/detector",
          "/compare?paper=2503.00001&paper=2412.12340", "/search?q=classifier", "/search?q=zebra",
          "/numbers?q=classifier",
          "/catalog", "/catalog/papers", "/catalog/papers?_all=1", "/catalog/results",
          "/catalog/repositories", "/catalog/results/1", "/catalog/best_on_dataset?dataset=COCO",
          "/catalog?sql=select+1", "/about")  # fmt: skip


@pytest.fixture(scope="module")
def address(catalog_file: Path) -> Iterator[str]:
    """A server of its own process."""
    code = "from etl.cli import main; main(prog_name='catalog')"
    command = [sys.executable, "-c", code, "--db", str(catalog_file), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().partition(" at ")[2].partition("/ ")[0]
        finally:
            process.terminate()


@pytest.fixture
def watched(browser: Any, address: str) -> Iterator[Watched]:
    watched = Watched(browser, address)
    yield watched
    watched.context.close()
    assert not watched.wrong


@pytest.fixture
def page(watched: Watched) -> Any:
    return watched.page


@pytest.fixture(scope="module")
def looked_at(browser: Any, address: str) -> Iterator[Watched]:
    """A page that takes a script without our nonce, as axe is."""
    watched = Watched(browser, address, bypass_csp=True)
    yield watched
    watched.context.close()


@pytest.mark.parametrize("path", WALKED)
def test_every_page_fits_every_screen_and_everybody(path: str, looked_at: Watched) -> None:
    assert not looked_at.look_at(path)


def test_no_page_breaks_its_policy(page: Any) -> None:
    for path in WALKED:
        page.goto(path)


def test_from_the_start_page_to_a_paper_and_its_number(page: Any) -> None:
    page.goto("/")
    page.get_by_role("link", name="A Detector That Is Fast").first.click()
    page.wait_for_url("**/paper/2503.00001")
    number = page.locator(".abstract .number", has_text="54.3")
    number.hover()
    sync_api.expect(page.get_by_role("tooltip", name=re.compile("COCO")).first).to_be_visible()
    number.click()
    page.wait_for_url(re.compile(r"#r\d+$"))
    sync_api.expect(page.locator("tr:target")).to_be_visible()


def test_a_tap_shows_what_was_read_and_a_second_one_leads_to_it(browser: Any, address: str) -> None:
    screen = {"width": 390, "height": 800}
    watched = Watched(browser, address, viewport=screen, has_touch=True, is_mobile=True)
    page = watched.page
    page.goto("/paper/2503.00001")
    number = page.locator(".abstract .number").first
    number.tap()
    assert "#" not in page.url
    assert number.locator(".tip").is_visible()
    number.tap()
    page.wait_for_url(re.compile(r"#r\d+$"))
    watched.context.close()
    assert not watched.wrong


def test_the_morning_digest(page: Any) -> None:
    page.goto("/")
    cards = page.locator(".cards > li")
    sync_api.expect(cards).to_have_count(4)
    sync_api.expect(cards.first.locator(".claim mark")).to_have_text("54.3")
    page.get_by_role("link", name="30 days", exact=True).click()
    sync_api.expect(cards).to_have_count(7)
    page.get_by_role("link", name="with code", exact=True).click()
    sync_api.expect(cards).to_have_count(1)
    assert page.url.endswith("/?days=30&code=1#feed")
    page.go_back()
    sync_api.expect(cards).to_have_count(7)


def test_a_step_within_a_page_does_not_load_it_again(page: Any) -> None:
    for path in ("/", "/paper/2503.00001"):
        page.goto(path)
        page.evaluate("document.documentElement.dataset.kept = 'yes'")
        page.evaluate("location.hash = 'content'")
        page.evaluate("() => new Promise(done => { onpopstate = done; history.back(); })")
        sync_api.expect(page.locator("html[data-kept]")).to_be_attached()


def test_what_rises(page: Any) -> None:
    page.goto("/")
    page.get_by_role("link", name="Trending", exact=True).click()
    sync_api.expect(page.get_by_role("heading", name="What rose in 7 days")).to_be_visible()
    first = page.locator(".cards > li h3").first.inner_text()
    page.get_by_role("link", name="30 days", exact=True).click()
    sync_api.expect(page.get_by_role("heading", name="What rose in 30 days")).to_be_visible()
    page.locator(".side-column").get_by_role("link", name="Lee/Detector").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_contain_text("Lee/Detector")
    page.go_back()
    page.locator(".cards").get_by_role("link", name=first).click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text(first)


def test_is_this_number_right(page: Any) -> None:
    page.goto("/paper/2503.00001")
    number = page.locator(".abstract .number", has_text="54.3")
    number.focus()
    row = page.locator("tr[id]", has=page.locator(".amount", has_text="54.3"))
    sync_api.expect(row).to_have_class("lit")
    sync_api.expect(page.locator(".said mark", has_text="54.3")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#r\d+$"))
    page.locator(".abstract .named").first.click()
    page.wait_for_url("**#on-coco")
    page.get_by_text("Where this comes from").click()
    sync_api.expect(page.get_by_role("link", name="Results as a table")).to_be_visible()


def test_suggestions_are_taken_with_the_keyboard(page: Any) -> None:
    page.goto("/")
    line = page.get_by_role("combobox", name=re.compile("Search papers"))
    line.press_sequentially("coc")
    options = page.get_by_role("option")
    sync_api.expect(options.first).to_contain_text("COCO")
    sync_api.expect(line).to_have_attribute("aria-expanded", "true")
    line.press("ArrowDown")
    line.press("ArrowDown")
    sync_api.expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    line.press("Escape")
    sync_api.expect(options.first).to_be_hidden()
    line.press("ArrowDown")
    line.press("Enter")
    page.wait_for_url("**/dataset/coco")


def test_a_finger_that_scrolls_suggestions_takes_none(page: Any) -> None:
    page.goto("/")
    page.evaluate("() => { navigation.onnavigate = one => { window.led = one.destination.url; }; }")
    page.get_by_role("combobox", name=re.compile("Search papers")).press_sequentially("coc")
    first = page.get_by_role("option").first
    first.dispatch_event("pointerdown")
    assert page.evaluate("window.led") is None
    first.click()
    page.wait_for_url("**/dataset/coco")


def test_a_phone_has_a_header_of_one_line(browser: Any, address: str) -> None:
    watched = Watched(browser, address, viewport={"width": 390, "height": 800})
    page = watched.page
    page.goto("/about")
    assert page.locator("header.top").evaluate("header => header.offsetHeight") < 64
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Leaderboards").click()
    page.wait_for_url("**/leaderboard")
    watched.context.close()
    assert not watched.wrong


def test_searching_with_the_keyboard_only(page: Any) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("classifier code:no")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    sync_api.expect(page.locator(".papers > li")).to_have_count(8)
    assert page.locator("mark", has_text="Classifier").count() >= 8


def test_narrowing_papers_by_facets(page: Any) -> None:
    page.goto("/catalog/papers")
    page.locator("#facet-has_code").get_by_role("link", name="with code", exact=True).click()
    sync_api.expect(page.get_by_role("heading", name=re.compile("^1 row"))).to_be_visible()
    page.locator("#facet-has_code .selected a").click()
    sync_api.expect(page.get_by_role("heading", name=re.compile("^11 rows"))).to_be_visible()
    page.get_by_role("link", name="dataset", exact=True).click()
    page.locator("#facet-dataset").get_by_role("link", name="COCO").click()
    sync_api.expect(page.get_by_role("heading", name=re.compile("^1 row"))).to_be_visible()


def test_from_the_reading_list_to_a_tag_and_to_the_command_for_a_paper(page: Any) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Marks").click()
    sync_api.expect(page.locator(".papers > li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("^All")).click()
    sync_api.expect(page.locator(".papers > li")).to_have_count(2)
    sync_api.expect(page.get_by_text("Try it. <script>")).to_be_visible()
    page.get_by_role("link", name="#to-reproduce").last.click()
    sync_api.expect(page.locator(".papers > li")).to_have_count(1)
    page.get_by_role("link", name="A Detector That Is Fast").click()
    page.get_by_text("Change", exact=True).click()
    command = page.get_by_text("catalog mark 2503.00001 --unread")
    sync_api.expect(command).to_be_visible()
    page.goto("/catalog/papers")
    page.get_by_role("link", name="mark", exact=True).click()
    page.locator("#facet-mark").get_by_role("link", name="to read").click()
    sync_api.expect(page.get_by_role("heading", name=re.compile("^1 row"))).to_be_visible()


def test_a_leaderboard_is_filtered(page: Any) -> None:
    page.goto("/leaderboard/imagenet-1k/accuracy")
    sync_api.expect(page.locator(".wide-screen svg.chart circle")).to_have_count(
        7
    )  # one of the eight has no day
    page.get_by_label("Up to").fill("92")
    page.get_by_role("button", name="Show").click()
    sync_api.expect(page.locator("table.board tbody tr")).to_have_count(3)


def test_the_best_small_model_with_code_is_found_and_has_its_evidence(page: Any) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Leaderboards").click()
    page.get_by_role("searchbox", name=re.compile("Search leaderboards")).fill("imagenet accuracy")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="accuracy on ImageNet-1K").click()
    page.get_by_label("Up to").fill("95")
    page.get_by_role("button", name="Show").click()
    first = page.locator("table.board tbody tr").first
    sync_api.expect(first).to_contain_text("Classifier Number 5")
    sync_api.expect(first).to_contain_text("95M")
    first.get_by_text("evidence").click()
    sync_api.expect(first.locator("mark")).to_have_text("85.5%")
    page.get_by_role("checkbox", name="with code").check()
    page.get_by_role("button", name="Show").click()
    sync_api.expect(page.get_by_role("heading", name="No matching numbers")).to_be_visible()
    page.get_by_role("link", name="Remove the filters").click()
    page.get_by_role("link", name="against size").click()
    sync_api.expect(page.locator(".wide-screen svg.chart circle")).to_have_count(8)


def test_days_lead_to_each_other(page: Any) -> None:
    page.goto("/digest/latest")
    page.get_by_role("link", name="← 11 Mar 2025").click()
    page.wait_for_url("**/digest/2025-03-11")
    page.get_by_role("link", name="Calendar").click()
    page.get_by_role("link", name="12", exact=True).click()
    page.wait_for_url("**/digest/2025-03-12")


def test_the_sql_box_runs_and_formats(page: Any) -> None:
    page.goto("/catalog")
    sync_api.expect(page.locator(".CodeMirror, .cm-editor")).to_be_visible()
    page.get_by_role("button", name="Format").click()
    page.get_by_role("button", name="Run SQL").click()
    page.locator("table.rows-and-columns tbody tr").first.wait_for()
    assert page.locator("table.rows-and-columns tbody tr").count() > 5


def test_the_menu_of_a_column_works(page: Any) -> None:
    page.goto("/catalog/results?_all=1")
    page.locator("th[data-column=value] .dropdown-menu-icon").click()
    page.get_by_role("link", name="Sort descending").click()
    page.wait_for_url("**_sort_desc=value*")
    icon = page.get_by_role("button", name="Menu of the column Value", exact=True)
    icon.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    sync_api.expect(icon).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**_sort=value*")


def test_light_and_dark_are_remembered(page: Any) -> None:
    page.goto("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Switch between light and dark").click()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after
    page.goto("/about")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_hostile_papers_do_nothing(page: Any) -> None:
    for path in ("/paper/t-0123456789ab", "/search?q=hostile", "/leaderboard/bad/accuracy",
                 "/catalog/results?_all=1", "/catalog/v_results", "/catalog/papers/2"):  # fmt: skip
        page.goto(path)
        sync_api.expect(page.locator("img")).to_have_count(0)


def test_without_scripts_everything_is_still_there(browser: Any, address: str) -> None:
    watched = Watched(browser, address, java_script_enabled=False)
    page = watched.page
    page.goto("/")
    page.locator("input[name=q]").fill("classifier")
    page.get_by_role("button", name="Search").click()
    sync_api.expect(page.locator(".papers > li")).to_have_count(8)
    page.goto("/catalog/papers")
    sync_api.expect(page.locator("#facet-year")).to_be_visible()
    page.goto("/leaderboard/imagenet-1k/accuracy")
    sync_api.expect(page.locator(".wide-screen svg.chart circle")).to_have_count(
        7
    )  # one of the eight has no day
    watched.context.close()


def test_claims_of_a_speedup_since_a_month_and_papers_compared_from_the_tray(page: Any) -> None:
    page.goto("/")
    page.locator(".big-search input").fill("speedup>2 after:2025-03")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Numbers", exact=True).click()
    row = page.locator("table.found-numbers tbody tr")
    sync_api.expect(row).to_have_count(1)
    sync_api.expect(row.locator("mark")).to_have_text("3.7x")
    page.goto("/search?q=classifier")
    for place in range(3):
        page.locator("input.choose").nth(place).focus()
        page.keyboard.press("Space")
    tray = page.get_by_role("region", name="Papers to compare")
    tray.get_by_role("button", name="Leave out").first.click()
    page.goto("/search?q=detector")  # the tray goes along
    page.locator("input.choose").first.check()
    tray.get_by_role("link", name="Compare 3").click()
    sync_api.expect(page.locator("table.compare th.title")).to_have_count(3)
    assert page.locator("table.compare a.amount").count() >= 6


def test_sql_is_mended_after_an_error_and_downloaded_as_csv(page: Any, watched: Watched) -> None:
    page.goto("/catalog?sql=select+id,+label+fro+papers")
    watched.wrong.clear()  # Chromium tells of the status 400
    editor = page.locator(".CodeMirror, .cm-editor")
    sync_api.expect(editor).to_contain_text("select id, label fro papers")
    editor.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("select id, label from papers")
    page.get_by_role("button", name="Run SQL").click()
    sync_api.expect(page.locator("table.rows-and-columns tbody tr")).to_have_count(11)
    address = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    told = page.request.get(str(address)).text()
    assert told.splitlines()[0] == "id,label"
    assert len(told.splitlines()) == 12


def test_a_topic_is_followed(page: Any) -> None:
    page.goto("/search?q=classifier")
    page.get_by_text("Follow", exact=True).click()
    address = page.get_by_label("Address of the feed").input_value()
    assert address.endswith("/search.atom?q=classifier")
    feed = page.request.get(address)
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert feed.text().count("<entry>") == 8
