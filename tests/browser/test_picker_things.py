"""The drawer for people, voices and styles: by keyboard alone on a phone, under axe, and clips that are looked through in the drawer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import PHONE, MakeContext
from .services import FILES
from .stack import Stack
from .test_accessible import look

FILL = """
from pathlib import Path
from django.utils import timezone
from studio.engine import secrets
from studio.media.ingest import ingest_file
from studio.media.previews import make_previews
from studio.models import CatalogueItem, Connection, Influencer, Kind, Team, Voice, Workspace
from tests.factories import make_asset, picture
team = Team.objects.order_by("pk").first()
workspace = Workspace.objects.filter(team=team).order_by("id").first()
now = timezone.now()
rows = {{}}
for provider in ("influencer_studio", "videotok", "videogen"):
    rows[provider], _ = Connection.objects.update_or_create(team=team, provider=provider, defaults={{
        "key": secrets.conceal("a key of nobody"), "base_url": "https://api.nobody.invalid", "catalogue_at": now}})
for provider, kind, title, data in (
    ("influencer_studio", "influencer", "Ada Rivers", {{"ready": True}}),
    ("influencer_studio", "influencer", "Ben Sol", {{"ready": False}}),
    ("videogen", "voice", "Harbour voice", {{"gender": "female", "language": "en"}}),
    *(("videotok", "preset", title, {{}}) for title in ("Quiet luxury", *map("Bold type {{}}".format, range(7)))),
):
    CatalogueItem.objects.get_or_create(team=team, connection=rows[provider], kind=kind, remote_id=title.lower(), defaults={{
        "title": title, "search_text": title.lower(), "data": data, "seen_at": now}})
for number, name in enumerate(("Ida Holm", "Ola Berg", "Mara Quist", "Jon Ek", "Pia Lund", "Ture Sand", "Nils Bo", "Siri Dahl")):
    face = make_asset(workspace, picture(200, 200, f"#{{number * 20:02x}}50{{200 - number * 20:02x}}"), f"{{name}}.png")
    Influencer.objects.get_or_create(team=team, name=name, defaults={{"face": face}})
    Voice.objects.get_or_create(team=team, name=f"{{name}}, reading", defaults={{"gender": "female", "language": "en"}})
member = team.memberships.order_by("pk").first()
clip = ingest_file(member, workspace, Path({clip!r}), accept=[Kind.VIDEO]).asset
make_previews(clip.pk)
"""


@pytest.fixture(scope="module")
def filled(stack: Stack, owner_state: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """People, voices and styles of ours and of three services that nobody reaches, and a clip with its frames."""
    copy = tmp_path_factory.mktemp("clip") / "walk.mp4"
    copy.write_bytes((FILES / "clip.mp4").read_bytes())
    stack.manage("shell", "-v", "0", "-c", FILL.format(clip=str(copy)))


@pytest.mark.parametrize(
    ("tool", "place", "tab", "words", "found"),
    [
        ("influencer-shoot", "influencer", "Library", "mara", "Mara Quist"),
        ("influencer-shoot", "influencer", "At Influencer Studio", "ada", "Ada Rivers"),
        ("speech", "voice", "On this server", "bella", "Bella"),
        ("video-ad", "preset", "", "quiet", "Quiet luxury"),
    ],
)
def test_a_thing_is_picked_by_keyboard_alone_on_a_phone(
    context_of_owner: MakeContext, filled: None, tool: str, place: str, tab: str, words: str, found: str
) -> None:
    page = context_of_owner(viewport=PHONE).new_page()
    page.goto(f"/create/{tool}/")
    opener = page.locator(f'[data-picker$="place={place}"]')
    folded = page.locator("details:not([open])").filter(has=opener).locator("summary")
    if folded.count():
        folded.first.press("Enter")
    opener.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#picker")
    search = drawer.locator("[data-words]")
    expect(search).to_be_focused()
    box = drawer.bounding_box()
    assert box
    assert (box["x"], box["width"], box["height"]) == (0, PHONE["width"], PHONE["height"])
    if tab and drawer.get_by_role("tab", selected=True).inner_text() != tab:
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("ArrowRight")
        expect(drawer.get_by_role("tab", name=tab)).to_be_focused()
        expect(drawer.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Tab")
        expect(search).to_be_focused()
    page.keyboard.type(words)
    expect(drawer.locator(".pick-item")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(drawer.get_by_role("radio", name=found)).to_be_focused()
    page.keyboard.press("Space")
    expect(drawer.locator("[data-count]")).to_have_text("1 chosen")
    page.keyboard.press("Enter")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.locator(".thing-group input:checked + .face ~ .who b", has_text=found)).to_be_visible()
    expect(page.locator("#live")).to_contain_text(": 1 chosen")


def test_who_is_in_training_is_passed_over_by_keys_and_pointer(page: Page, filled: None) -> None:
    page.goto("/create/influencer-shoot/")
    page.get_by_role("button", name="Influencer: browse all").click()
    drawer = page.locator("#picker")
    drawer.get_by_role("tab", name="At Influencer Studio").click()
    ben = drawer.locator(".pick-item", has_text="Ben Sol")
    expect(ben).to_contain_text("Still in training at Influencer Studio")
    ben.locator("label").click(force=True)
    expect(drawer.locator(":checked[name=picked]")).to_have_count(0)
    drawer.locator(".pick-item input").first.focus()
    page.keyboard.press("End")
    expect(ben.locator("input")).not_to_be_focused()
    expect(drawer.locator("[data-count]")).to_have_text("Nothing chosen")


@pytest.mark.parametrize(
    ("tool", "place"), [("influencer-shoot", "influencer"), ("speech", "voice"), ("video-ad", "preset")]
)
def test_axe_finds_nothing_in_a_drawer_of_things(page: Page, filled: None, tool: str, place: str) -> None:
    page.goto(f"/create/{tool}/")
    page.locator(f'[data-picker$="place={place}"]').dispatch_event("click")
    drawer = page.locator("#picker")
    expect(drawer.locator(".pick-item").first).to_be_visible()
    assert look(page, place) == []
    other = drawer.get_by_role("tab", selected=False)
    if other.count():
        other.first.click()
        expect(drawer.locator("[data-shelf]")).not_to_have_attribute("aria-busy", "true")
        expect(drawer.locator(".pick-item, .none").first).to_be_visible()
        assert look(page, f"{place}, another tab") == []


def test_a_service_that_nobody_reaches_is_a_sentence_and_the_other_tabs_go_on(page: Page, filled: None) -> None:
    page.goto("/create/image/")
    page.get_by_role("button", name="Reference pictures: library").click()
    drawer = page.locator("#picker")
    drawer.get_by_role("tab", name="At VideoGen").click()
    expect(drawer.get_by_role("alert")).to_contain_text("No server is known by the name api.nobody.invalid.")
    assert look(page, "a service in trouble") == []
    drawer.get_by_role("button", name="Try again").click()
    expect(drawer.get_by_role("alert")).to_be_visible()
    drawer.get_by_role("tab", name="Library").click()
    expect(drawer.locator(".pick-item").first).to_be_visible()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_clip_is_looked_through_in_the_drawer(context_of_owner: MakeContext, filled: None, motion: str) -> None:
    page = context_of_owner(reduced_motion=motion).new_page()
    page.goto("/create/video-upscale/")
    page.get_by_role("button", name="library").first.click()
    clip = page.locator("#picker .pick-item.video:has([data-sprite])").first
    clip.hover()  # Waits until the drawer stands still.
    page.mouse.move(5, 5)
    box = clip.locator(".pic").bounding_box()
    assert box
    frames = []
    for share in (0.1, 0.9):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        if motion == "reduce":
            expect(clip.locator(".scrub")).to_have_count(0)
            continue
        expect(clip.locator(".scrub")).to_be_visible()
        frames.append(int(clip.locator(".scrub").evaluate("node => node.style.getPropertyValue('--frame')")))
    page.mouse.move(5, 5)
    expect(clip.locator(".scrub")).to_have_count(0)
    assert motion == "reduce" or frames[0] < frames[1]
