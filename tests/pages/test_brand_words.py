"""A brand's own words in a tool's form: phrases, claims and the legal line, each put into a field by one press."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from studio.models import Brand, Output, User, Workspace
from studio.tools import Tool, all_tools
from tests.brand_rows import HTMX, SignIn, brand

__all__ = ["brand"]

FORM = reverse("create_tool", args=["static-ad"])
PREVIEW = reverse("create_preview", args=["static-ad"])


@pytest.fixture
def worded(brand: Brand) -> Brand:
    kit = {"say": ["In 14 days"], "claims": ['Made in "Oslo"', "40 <b>"], "legal_line": "Halden AS, Oslo."}
    Brand.objects.filter(pk=brand.pk).update(**kit)
    return brand


def offered(text: str) -> list[str]:
    return re.findall(r'data-words="([^"]*)"', text)


def test_the_form_offers_the_words_of_the_chosen_brand(
    client: Client, creator: User, worded: Brand, sign_in: SignIn
) -> None:
    page = sign_in(client, creator).get(FORM, {"brand": str(worded.pk)}).text
    assert offered(page) == ["In 14 days", "Made in &quot;Oslo&quot;", "40 &lt;b&gt;", "Halden AS, Oslo."]
    assert page.index('id="f-headline"') < page.index('id="brand-words"') < page.index('id="f-subline"')
    assert offered(client.get(FORM).text) == []


def test_another_brand_brings_its_words_and_the_same_brand_leaves_them(
    client: Client, creator: User, worded: Brand, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    sent = {"headline": "Calm", "brand": str(worded.pk), "template": "split", "aspect_ratio": "4:5"}
    assert len(offered(client.post(PREVIEW, {**sent, "words_of": ""}, headers=HTMX).text)) == 4
    assert "brand-words" not in client.post(PREVIEW, {**sent, "words_of": str(worded.pk)}, headers=HTMX).text
    none = client.post(PREVIEW, {**sent, "brand": "", "words_of": str(worded.pk)}, headers=HTMX).text
    assert ('id="brand-words"' in none, offered(none)) == (True, [])


def test_a_form_that_showed_words_is_sent_like_any_other(
    client: Client, creator: User, worded: Brand, sign_in: SignIn
) -> None:
    sent = {"headline": "In 14 days", "brand": str(worded.pk), "template": "split", "aspect_ratio": "4:5"}
    answer = sign_in(client, creator).post(FORM, {**sent, "nonce": "n" * 12, "words_of": str(worded.pk)}, headers=HTMX)
    assert (answer.status_code, Output.objects.count()) == (200, 1)


def test_the_words_of_a_brand_out_of_reach_are_not_told(
    client: Client, creator: User, worded: Brand, other_workspace: Workspace, sign_in: SignIn
) -> None:
    Brand.objects.filter(pk=worded.pk).update(workspace=other_workspace)
    assert offered(sign_in(client, creator).get(FORM, {"brand": str(worded.pk)}).text) == []


WITH_BRAND = [it for it in all_tools().values() if "brand" in it.Inputs.model_fields]


@pytest.mark.parametrize("tool", WITH_BRAND, ids=lambda it: it.slug)
def test_every_form_with_a_brand_has_a_place_for_its_words(
    client: Client, owner: User, worded: Brand, sign_in: SignIn, tool: Tool
) -> None:
    page = sign_in(client, owner).get(reverse("create_tool", args=[tool.slug])).text
    assert page.count('id="brand-words"') == page.count('class="choices brands"')
