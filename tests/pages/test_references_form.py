"""A reference in the form of a static ad: it is listed by how well it fits, what is taken from it is told, and the preview follows each tick."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable

import pytest
from django.test import Client

from studio.media.looks import look_of
from studio.models import Brief, Generation, Reference, Use, User, Workspace
from tests.engine.labelled import DRAWN
from tests.factories import make_reference

SignIn = Callable[[Client, User], Client]
FORM = "/create/static-ad/"
USES = ["palette", "layout", "density"]


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


@pytest.fixture
def saved(workspace: Workspace) -> Reference:
    look = look_of(DRAWN["poster"]((320, 400), random.Random(1)))
    return make_reference(workspace, label="Loud", look=look)


def ad(saved: Reference, uses: list[str]) -> dict[str, object]:
    return {
        "offer": "local/static-ad",
        "template": "split",
        "prompt": "Cold brew in a can. Order now.",
        "aspect_ratio": ["4:5"],
        "resolution": "1K",
        "count": "1",
        "reference": str(saved.pk),
        "reference_uses": ["", *uses],
    }


def drawn(page: str) -> str:
    found = re.search(r'src="data:image/svg\+xml;base64,([\w+/=]+)"', page)
    assert found
    return base64.b64decode(found[1]).decode()


def test_use_this_look_starts_the_form_with_everything_ticked(maker: Client, saved: Reference) -> None:
    link = re.search(r'href="(/create/static-ad/[^"]+)"[^>]*data-key="u"', maker.get(f"/references/{saved.pk}/").text)
    assert link
    page = maker.get(link[1].replace("&amp;", "&")).text
    assert f'value="{saved.pk}" checked' in page
    for use in USES:
        assert f'id="f-reference-uses-{use}" name="reference_uses" value="{use}" checked' in page
    assert "Poster, as chosen above" in page


def test_the_preview_follows_each_tick(maker: Client, saved: Reference) -> None:
    drawings = {}
    for uses in (USES, ["palette"], ["layout"], ["density"], []):
        page = maker.post(f"{FORM}preview", ad(saved, uses)).text
        drawings[tuple(uses)] = drawn(page)
        for use in USES:
            ticked = f'value="{use}" checked' in page
            assert ticked == (use in uses), (use, uses)
    primary = saved.look["palette"]
    assert any(colour in drawings[("palette",)] for colour in primary)
    assert len({drawings[tuple(USES)], drawings[("palette",)], drawings[("layout",)], drawings[()]}) == 4


def test_without_a_reference_nothing_is_asked_and_nothing_changes(maker: Client, saved: Reference) -> None:
    plain = ad(saved, USES) | {"reference": ""}
    page = maker.post(f"{FORM}preview", plain).text
    assert 'id="f-reference-uses-palette"' not in page
    assert drawn(page) == drawn(maker.post(f"{FORM}preview", plain | {"reference_uses": [""]}).text)


def test_one_that_is_not_noticed_yet_says_so(maker: Client, workspace: Workspace) -> None:
    fresh = make_reference(workspace, label="Fresh", look={})
    page = maker.post(f"{FORM}preview", ad(fresh, USES)).text
    assert "Fresh is still being looked at" in page


def test_what_was_switched_off_is_kept_with_the_brief_and_its_use_is_noted(maker: Client, saved: Reference) -> None:
    answer = maker.post(FORM, ad(saved, ["palette"]) | {"nonce": "n" * 16})
    assert answer.status_code == 302
    brief = Brief.objects.get()
    assert brief.inputs["reference_uses"] == ["palette"]
    use = Use.objects.get(object_kind="reference")
    assert use.object_id == saved.pk
    assert Generation.objects.get() == use.generation
    page = maker.get(f"{FORM}?brief={brief.pk}").text
    assert 'value="palette" checked' in page
    assert 'value="layout" checked' not in page


def test_those_that_fit_the_template_come_first_with_why(maker: Client, workspace: Workspace) -> None:
    labels = ("Hanna's quote", "Alcove with soap", "Filed poster", "Nothing said")
    rows = {label: make_reference(workspace, label=label) for label in labels}
    Reference.objects.filter(pk=rows["Filed poster"].pk).update(template_slug="poster", template_category="static-ads")
    for template, first, why in (
        ("poster", "Filed poster", "Filed under Poster"),
        ("review", "Hanna&#x27;s quote", "Fits, 54%"),
        ("arch", "Alcove with soap", ""),
    ):
        listed = maker.get(f"{FORM}?template={template}").text.partition('id="f-reference-list"')[2]
        names = re.findall(r"<b>([^<]+)</b><small>([^<]*)</small>", listed)
        assert names[0][0] == first
        assert why in names[0][1]
