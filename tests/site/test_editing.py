"""Tests of editing in a real browser, and of a server that is killed or has to wait."""

import json
import shutil
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from catalog.database.locks import locked
from tests.site.browsing import CHROMIUM, Watched
from tests.site.edit_server import address_of, marks, number, post, run, serving, states
from tests.waiting import PATIENCE, wait_until

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")

ABSTRACT = (
    "We present an invented network. It reaches 91.3% top-1 accuracy on ImageNet-1K. "
    "It reaches 45.1 mAP on COCO. It needs 4.5 GB of memory."
)
PAPER = {
    "title": "An Invented Network of One Kind",
    "abstract": ABSTRACT,
    "published_on": "2024-01-05",
    "identifiers": [{"scheme": "arxiv", "value": "2401.00001"}],
}
EVIL = '"><img src=x onerror="alert(1)"><script>alert(2)</script>'


@pytest.fixture(scope="module")
def loaded(migrated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("editing")
    (folder / "a.jsonl").write_text(json.dumps(PAPER) + "\n")
    file = folder / "loaded.db"
    shutil.copyfile(migrated, file)
    run(f"sqlite:///{file}", "load", str(folder / "a.jsonl"), "--format", "catalog-jsonl")
    return file


@pytest.fixture
def own_url(loaded, tmp_path):
    """A catalog that no server has open."""
    shutil.copyfile(loaded, tmp_path / "catalog.db")
    return f"sqlite:///{tmp_path / 'catalog.db'}"


@pytest.fixture(scope="module")
def served(loaded, tmp_path_factory):
    """The file and the address of a site that takes changes, for one test after another."""
    file = tmp_path_factory.mktemp("served") / "catalog.db"
    shutil.copyfile(loaded, file)
    with serving(f"sqlite:///{file}") as process:
        yield file, address_of(process)
        process.terminate()


@pytest.fixture
def url(loaded, served):
    """The catalog of the site, without the changes of the test before."""
    file, _ = served
    with closing(sqlite3.connect(loaded)) as untouched, closing(sqlite3.connect(file)) as used:
        untouched.backup(used)
    return f"sqlite:///{file}"


@pytest.fixture
def address(served, url):
    return served[1]


def boards_told(address):
    """The list of leaderboards, which the site keeps between requests."""
    with urllib.request.urlopen(f"{address}/leaderboard.json", timeout=PATIENCE) as page:
        return [(one["dataset"], one["metric"]) for one in json.load(page)["boards"]]


def test_what_is_kept_of_many_queries_shows_a_change_at_once(own_url):
    with serving(own_url) as process:
        address = address_of(process)
        before = boards_told(address)
        assert ("COCO", "mAP") in before
        change = {"action": "reject", "result": number(own_url, "45.1")}
        assert post(address, change)[0] == 200
        assert boards_told(address) == [one for one in before if one != ("COCO", "mAP")]
        process.terminate()


def test_what_was_answered_survives_kill_9(own_url):
    one, other = number(own_url, "91.3%"), number(own_url, "45.1")
    with serving(own_url) as server:
        address = address_of(server)
        assert post(address, {"action": "reject", "result": one})[0] == 200
        assert post(address, {"action": "accept", "result": other})[0] == 200
        note = {"action": "mark", "paper": "2401.00001", "star": True, "note": "My word."}
        assert post(address, note)[0] == 200
        server.kill()
    assert states(own_url)["91.3%"] == "rejected"
    assert states(own_url)["45.1"] == "accepted"
    assert [(one["starred"], one["note"]) for one in marks(own_url)] == [(True, "My word.")]
    run(own_url, "db", "check")
    run(own_url, "corrections", "retract", "1")


def test_a_decision_is_offered_for_others_read_alike_and_undone_with_them(own_url, tmp_path):
    lines = []
    for number_ in (2, 3):
        abstract = f"We present network {number_}. It reaches 5{number_}.1 mean average precision."
        names = [{"scheme": "arxiv", "value": f"2401.0000{number_}"}]
        title = f"An Invented Network of Number {number_}"
        lines.append(json.dumps({"title": title, "abstract": abstract, "identifiers": names}))
    (tmp_path / "b.jsonl").write_text("\n".join(lines))
    run(own_url, "load", str(tmp_path / "b.jsonl"), "--format", "catalog-jsonl")
    with serving(own_url) as process:
        address = address_of(process)
        _, told = post(address, {"action": "reject", "result": number(own_url, "52.1")})
        offered = "Also reject 1 other number that reads mean average precision as mAP"
        assert told["offer"] == offered
        _, told = post(address, {"action": "alike", "correction": told["alike"]})
        assert (told["said"], told["undo"]) == ("Decided on 1 number alike.", [2])
        assert states(own_url)["53.1"] == "rejected"
        undo = {"action": "undo", "correction": 1, "corrections": [2]}
        assert post(address, undo)[0] == 200
        assert states(own_url)["52.1"] == states(own_url)["53.1"] == "machine"
        process.terminate()


def test_a_change_waits_for_a_load_and_says_so(url, address):
    change = {"action": "reject", "result": number(url, "45.1")}
    with locked(url, "load", wait=0):
        status, told = post(address, change)
        assert (status, told["retry"]) == (423, 2)
        assert '"catalog load"' in told["why"]
    assert states(url)["45.1"] == "machine"
    assert post(address, change)[0] == 200
    assert states(url)["45.1"] == "rejected"


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"action": "drop"}, 409, "Invalid enum value"),
        ({"action": "accept", "result": "1; DROP TABLE papers"}, 409, "Expected `int | null`"),
        ({"action": "accept", "result": 987654}, 409, "there is no number #987654"),
        ({"action": "edit", "result": 1, "fields": {"id": 2}}, 409, "only these can be changed"),
        ({"action": "edit", "result": 1, "fields": {"kind": "guess"}}, 409, "it is one of"),
        ({"action": "edit", "result": 1, "fields": {"value": "many"}}, 409, "Expected `float"),
        ({"action": "mark", "paper": "nowhere"}, 409, "there is no paper"),
        ({"action": "mark", "paper": "2401.00001", "tags": ["a,b\0"]}, 409, "cannot mark"),
        ({"action": "mark", "paper": "2401.00001", "note": "x" * 60_000}, 409, "50,000"),
        ({"action": "undo", "correction": 7}, 409, "there is none of this number"),
        ({"surprise": 1}, 409, "cannot make this change"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(address, change, status, says):
    found, told = post(address, change)
    assert found == status
    assert says in told["why"]


def test_sql_on_the_site_still_only_reads(address):
    asked = f"{address}/catalog.json?sql=DELETE+FROM+papers"
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(asked, timeout=PATIENCE)
    with error.value as answer:  # else its connection is open until garbage is collected
        assert answer.code == 400


def marks_page(address):
    with urllib.request.urlopen(f"{address}/marks", timeout=PATIENCE) as page:
        text = page.read().decode()
    assert "read-only" not in text
    return text


def test_the_marks_of_a_site_that_takes_changes_do_not_call_it_read_only(url, address):
    run(url, "mark", "2401.00001", "--star")
    assert "Open a paper to change its marks there" in marks_page(address)


def test_a_password_from_the_environment_is_asked_for(own_url):
    from catalog.site.passwords import hashed

    run(own_url, "mark", "2401.00001", "--star")
    printed = hashed("a password of the owner")
    with serving(own_url, CATALOG_PASSWORD_HASH=printed) as process:
        address = address_of(process)
        status, told = post(address, {"action": "undo", "correction": 1})
        assert (status, told["why"]) == (401, "log in first")
        assert "log in</a>, or use a terminal" in marks_page(address)
        process.terminate()


@pytest.fixture
def watched(browser, address):
    watched = Watched(browser, address)
    yield watched
    watched.context.close()
    assert not watched.wrong


@pytest.fixture
def page(watched):
    return watched.page


def says(page, text):
    page.locator(".toast", has_text=text).wait_for()


@needs_browser
def test_a_paper_is_starred_tagged_and_noted_in_place(page, url):
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="★ Star").click()
    page.locator("[name=star][aria-pressed=true]").wait_for()
    page.get_by_role("textbox", name="Add a tag").fill("To Reproduce")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Remove the tag to-reproduce").wait_for()
    page.locator("summary", has_text="Note").click()
    page.get_by_role("textbox", name="Note").fill(EVIL)
    page.get_by_role("button", name="Save the note").click()
    says(page, "Note saved.")
    page.goto("/marks?show=all")
    page.get_by_text(EVIL[:10]).first.wait_for()
    (mark,) = marks(url)
    assert (mark["starred"], mark["tags"], mark["note"]) == (True, ["to-reproduce"], EVIL)
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="Remove the tag to-reproduce").click()
    page.get_by_role("button", name="Remove the tag to-reproduce").wait_for(state="detached")


@needs_browser
def test_what_is_hidden_is_not_shown(page):
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="91.3% is right").click()
    says(page, "Accepted 91.3%")
    assert page.locator(".toast [value=undo]").is_visible()
    assert page.locator(".toast [value=alike][hidden]").is_hidden()
    shown = "all => all.filter(one => getComputedStyle(one).display !== 'none').length"
    assert page.locator("[hidden]").evaluate_all(shown) == 0


@needs_browser
def test_every_number_has_a_check_and_a_cross_and_undo(page, url):
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="91.3% is right").click()
    says(page, "Accepted 91.3%")
    page.locator("tr[id]", has_text="91.3%").get_by_text("accepted").wait_for()
    page.get_by_role("button", name="4.5 GB is wrong").click()
    says(page, "Rejected 4.5 GB")
    page.locator("tr[id]", has_text="4.5 GB").wait_for(state="detached")
    assert states(url) == {"91.3%": "accepted", "45.1": "machine", "4.5 GB": "rejected"}
    page.locator(".toast [value=undo]").click()
    says(page, "Undone.")
    page.locator("tr[id]", has_text="4.5 GB").wait_for()
    assert states(url)["4.5 GB"] == "machine"


@needs_browser
def test_numbers_of_papers_that_are_put_in_place_can_be_judged(page):
    page.goto("/")
    page.get_by_role("button", name="91.3% is right").wait_for()
    page.get_by_role("link", name="with numbers").click()
    page.wait_for_url("**/?numbers=1#feed")
    page.get_by_role("button", name="91.3% is right").click()
    says(page, "Accepted 91.3%")


@needs_browser
def test_the_dialog_works_with_keys_alone(page, url):
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="Edit 45.1").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    page.keyboard.type(f"AP {EVIL}")
    page.keyboard.press("Tab")
    page.keyboard.type("LVIS")
    page.keyboard.press("Enter")
    says(page, "Changed 45.1")
    row = page.locator("tr[id]", has_text="45.1")
    row.get_by_text("LVIS").first.wait_for()
    assert states(url)["45.1"] == "corrected"
    page.get_by_role("button", name="Edit 45.1").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.do") == "edit"


@needs_browser
def test_the_dialog_says_what_cannot_be(watched, url):
    page = watched.page
    page.goto("/paper/2401.00001")
    page.get_by_role("button", name="Edit 45.1").click()
    page.locator("dialog [name=value]").fill("many")
    page.keyboard.press("Enter")
    page.locator("dialog .problem", has_text="cannot set value").wait_for()
    assert states(url)["45.1"] == "machine"
    watched.wrong[:] = [said for said in watched.wrong if "409" not in said]


@needs_browser
def test_the_queue_is_worked_through_with_keys_alone(page, url):
    page.goto("/review")
    page.locator(".steps", has_text="3 to judge").wait_for()
    page.keyboard.press("y")
    page.locator(".steps", has_text="2 to judge").wait_for()
    page.keyboard.press("n")
    page.locator(".steps", has_text="1 to judge").wait_for()
    page.keyboard.press("u")
    page.locator(".steps", has_text="2 to judge").wait_for()
    page.keyboard.press("s")
    page.locator(".steps", has_text="1 skipped").wait_for()
    page.keyboard.press("y")
    page.locator(".empty", has_text="No number waits").wait_for()
    assert sorted(states(url).values()) == ["accepted", "accepted", "machine"]


@needs_browser
def test_the_page_waits_for_the_lock_and_then_makes_the_change(watched, url):
    page = watched.page
    page.goto("/paper/2401.00001")
    with locked(url, "load", wait=0):
        page.get_by_role("button", name="91.3% is right").click()
        says(page, "Waiting: another command holds its lock")
        assert states(url)["91.3%"] == "machine"
    says(page, "Accepted 91.3%")
    wait_until(lambda: states(url)["91.3%"] == "accepted")
    watched.wrong[:] = [said for said in watched.wrong if "423" not in said]


@needs_browser
def test_a_page_of_another_site_changes_nothing(browser, address, url):
    one = number(url, "91.3%")
    context = browser.new_context()
    page = context.new_page()
    body = json.dumps({"action": "reject", "result": one})
    page.route("http://evil.example/", lambda route: route.fulfill(body="<p>evil</p>"))
    page.goto("http://evil.example/")
    send = """async ([address, body, mode]) => {
        try { await fetch(address, {method: "POST", mode, body, credentials: "include"}) }
        catch (error) { return "refused" }
        return "sent"
    }"""
    target = f"{address}/-/edit"
    assert page.evaluate(send, [target, body, "cors"]) == "refused"
    page.evaluate(send, [target, body, "no-cors"])
    read = """async (address) => {
        try { return (await (await fetch(address)).text()).length } catch { return 0 }
    }"""
    assert page.evaluate(read, f"{address}/about") == 0
    framed = """(address) => new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.onload = () => { try { done(frame.contentDocument?.body?.textContent ?? "") }
                               catch { done("") } };
        frame.src = address;
        document.body.append(frame);
    })"""
    assert page.evaluate(framed, f"{address}/review") == ""
    context.close()
    assert states(url)["91.3%"] == "machine"


@needs_browser
@pytest.mark.parametrize("path", ["/review", "/paper/2401.00001", "/-/login"])
def test_pages_of_the_mode_fit_every_screen_and_everybody(path, browser, address):
    watched = Watched(browser, address, bypass_csp=True)
    found = watched.look_at(path)
    watched.context.close()
    assert not found
