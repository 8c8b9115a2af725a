"""Who is not ready yet: greyed with the reason in every form that takes a person, refused by the server, and pickable once they are ready."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from studio.engine.resolve import Unresolved, resolve
from studio.models import Generation, Influencer, Membership, Readiness, Team, User, Workspace
from studio.providers import PROVIDERS, shipped_offers
from studio.tools import all_tools
from studio.tools.fields import widget_of
from studio.tools.offer import Offer
from tests.pages.test_create_tools import for_offer
from tests.pages.test_influencers import HTMX, listed, make

pytestmark = pytest.mark.database
SignIn = Callable[[Client, User], Client]


def forms() -> Iterator[tuple[str, Offer]]:
    """(field, offer) of every tool and service that takes one of our people."""
    seen = set()
    for slug, tool in all_tools().items():
        for name, info in tool.Inputs.model_fields.items():
            if widget_of(info.metadata).name != "influencer":
                continue
            for provider in PROVIDERS:
                for offer in shipped_offers(provider):
                    if offer.tool == slug and offer.takes_input(name) and (slug, provider) not in seen:
                        seen.add((slug, provider))
                        yield name, offer


FORMS = list(forms())


@pytest.fixture
def at(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def choice(html: str, row: Influencer) -> tuple[str, str]:
    """The radio of a person, and what stands beside it."""
    found = re.search(rf'<label[^>]*>(<input[^>]*value="{row.pk}"[^>]*>)(.*?)</label>', html, re.S)
    assert found, row.name
    return found[1], re.sub(r"<[^>]+>", " ", found[2])


def test_people_are_taken_in_many_places() -> None:
    tools = {offer.tool for _, offer in FORMS}
    assert tools >= {"image", "influencer", "influencer-shoot", "influencer-video", "talking-head", "voice"}


@pytest.mark.parametrize(("name", "offer"), FORMS, ids=[offer.key for _, offer in FORMS])
def test_they_are_greyed_with_the_reason_and_pickable_once_ready(
    at: Client, team: Team, workspace: Workspace, name: str, offer: Offer
) -> None:
    for_offer(team, offer)
    ready, training = make(workspace, "Ada"), make(workspace, "Noor", readiness=Readiness.TRAINING)
    failed = make(workspace, "Bea", readiness=Readiness.FAILED)
    page = at.get(reverse("create_tool", args=[offer.tool]), {"offer": offer.key}).text
    assert "disabled" not in choice(page, ready)[0]
    for row, reason in ((training, "Still in training"), (failed, "Training failed")):
        radio, said = choice(page, row)
        assert "disabled" in radio
        assert reason in said
    # The list asks again by itself, until nobody is waited for.
    asks = re.search(rf'hx-get="([^"]+/things/{name})" hx-trigger="every 10s"', page)
    assert asks
    Influencer.objects.filter(pk=training.pk).update(readiness=Readiness.READY)
    fresh = at.get(asks[1], {"offer": offer.key}, headers=HTMX).text
    assert "disabled" not in choice(fresh, training)[0]
    assert "disabled" in choice(fresh, failed)[0]
    assert "every 10s" not in fresh


@pytest.mark.parametrize(("name", "offer"), FORMS, ids=[offer.key for _, offer in FORMS])
def test_they_are_refused_with_a_sentence(
    creator: User, team: Team, workspace: Workspace, name: str, offer: Offer
) -> None:
    """Where every submission is resolved, and so whatever way it came."""
    member = Membership.objects.get(user=creator)
    connection = for_offer(team, offer)
    tool = all_tools()[offer.tool]
    for readiness, sentence in (
        (Readiness.TRAINING, "“Noor” is still in training. Wait until it is ready, or pick another influencer."),
        (Readiness.FAILED, "The training of “Noor” failed. Pick another influencer, or make this one again."),
    ):
        row = make(workspace, "Noor", readiness=readiness)
        inputs = tool.Inputs.model_construct(None, **{name: str(row.pk)})
        with pytest.raises(Unresolved) as refused:
            resolve(tool, inputs, member, workspace.pk, connection=connection)
        assert (name, sentence) in [(it.field, it.sentence) for it in refused.value.problems]


def test_the_form_says_it_at_the_field_and_makes_nothing(at: Client, team: Team, workspace: Workspace) -> None:
    Team.objects.filter(pk=team.pk).update(public_url="https://studio.example.com")
    offer = next(offer for _, offer in FORMS if offer.key.startswith("influencer_studio:influencer-shoot:"))
    for_offer(team, offer)
    row = make(workspace, "Noor", readiness=Readiness.TRAINING)
    sent = {"nonce": uuid4().hex, "offer": offer.key, "influencer": str(row.pk), "prompt": "In a café", "count": "1"}
    answer = at.post(reverse("create_tool", args=["influencer-shoot"]), sent, headers=HTMX)
    assert answer.status_code == 422
    assert "“Noor” is still in training." in answer.text
    assert not Generation.objects.exists()
    Influencer.objects.filter(pk=row.pk).update(readiness=Readiness.READY)
    assert at.post(reverse("create_tool", args=["influencer-shoot"]), sent, headers=HTMX).status_code == 200


def test_somebody_whom_a_service_trains_is_greyed_too(at: Client, team: Team, workspace: Workspace) -> None:
    offer = next(offer for _, offer in FORMS if offer.key.startswith("influencer_studio:influencer-shoot:"))
    connection = for_offer(team, offer)
    assert connection
    listed(team, connection, "Bo", ready=False)
    page = at.get(reverse("create_tool", args=["influencer-shoot"]), {"offer": offer.key}).text
    assert re.search(r'<input[^>]*value="influencer_studio:there-Bo"[^>]* disabled', page)
    assert "Still in training at Influencer Studio" in page


def test_the_voice_forms_grey_them(at: Client, workspace: Workspace) -> None:
    make(workspace, "Noor", readiness=Readiness.TRAINING)
    page = at.get(reverse("voice_new")).text
    assert re.search(r"<option[^>]* disabled>Noor \(still in training\)</option>", page)


@pytest.mark.parametrize(
    ("readiness", "toast", "shown"),
    [
        (Readiness.READY, "Ada is ready", "New shoot"),
        (Readiness.FAILED, "The training of Ada failed.", "could not learn this face"),
    ],
)
def test_a_persons_page_says_when_the_training_is_over(
    at: Client, workspace: Workspace, readiness: Readiness, toast: str, shown: str
) -> None:
    row = make(workspace, readiness=Readiness.TRAINING)
    page = at.get(reverse("influencer", args=[row.pk])).text
    asks = re.search(r'hx-get="([^"]+was=training)"', page)
    assert asks
    assert "New shoot" not in page
    still = at.get(asks[1].replace("&amp;", "&"), headers=HTMX)
    assert "HX-Trigger" not in still.headers
    assert 'id="person-acts"' not in still.text
    Influencer.objects.filter(pk=row.pk).update(readiness=readiness)
    over = at.get(asks[1].replace("&amp;", "&"), headers=HTMX)
    assert toast in over["HX-Trigger"]
    assert shown in over.text
    assert ("New shoot" in over.text) == (readiness == Readiness.READY)
    assert "hx-trigger" not in over.text.partition('id="photo-advice"')[2].partition("</div>")[0]


def test_a_link_into_a_form_keeps_who_is_not_ready(at: Client, workspace: Workspace) -> None:
    """So that the refusal names them."""
    row = make(workspace, "Noor", readiness=Readiness.TRAINING)
    page = at.get(reverse("create_tool", args=["influencer-shoot"]), {"influencer": str(row.pk)}).text
    radio, said = choice(page, row)
    assert "checked" in radio
    assert "Still in training" in said
