from __future__ import annotations

import threading
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, connections, transaction

from studio.engine import leases
from studio.engine.again import run_again
from studio.engine.briefs import SubmittedBrief, submit_brief
from studio.engine.offers import find_team_offer
from studio.engine.reach import SystemActor
from studio.engine.resolve import Unresolved
from studio.models import (
    Asset,
    Brand,
    Brief,
    Event,
    Generation,
    Membership,
    Origin,
    Output,
    RemoteCopy,
    Role,
    Team,
    Voice,
    Workspace,
)
from studio.tools import Inputs, get_tool
from tests.engine.conftest import Submit
from tests.engine.remote import connect

pytestmark = pytest.mark.database

TOOL = get_tool("static-ad")
assert TOOL


def ad(**inputs: object) -> Inputs:
    assert TOOL
    return TOOL.Inputs.model_validate({"headline": "Slow mornings", **inputs})


def press(member: Membership, workspace: Workspace, nonce: str, **inputs: object) -> SubmittedBrief:
    assert TOOL
    return submit_brief(member, workspace, TOOL, ad(**inputs), nonce)


def test_each_shape_is_a_generation_with_its_tiles(member: Membership, workspace: Workspace, brand: Brand) -> None:
    brief = press(member, workspace, "n1", aspect_ratio=["1:1", "9:16"], count=2, brand=str(brand.pk)).brief
    generations = list(brief.generations.order_by("position"))
    assert [generation.inputs["aspect_ratio"] for generation in generations] == [["1:1"], ["9:16"]]
    outputs = list(Output.objects.filter(generation__brief=brief).order_by("-id"))
    assert [(output.ratio_label, output.position) for output in outputs] == [
        ("1:1", 0),
        ("1:1", 1),
        ("9:16", 0),
        ("9:16", 1),
    ]
    assert outputs[0].title == "Slow mornings"
    assert outputs[0].search_text == "slow mornings slow mornings peachy"
    assert outputs[0].brand == brand
    assert Event.objects.filter(kind="output_new").count() == 4
    assert {generation.cost_unit for generation in generations} == {"free"}


def test_fifty_at_once_with_one_nonce_are_one_brief(member: Membership, workspace: Workspace) -> None:
    start, results, faults = threading.Barrier(50), list[SubmittedBrief](), list[Exception]()

    def one() -> None:
        try:
            start.wait(30)
            results.append(press(member, workspace, "same", aspect_ratio=["1:1", "4:5"]))
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert len({result.brief.pk for result in results}) == 1
    assert [result.created for result in results].count(True) == 1
    assert (Brief.objects.count(), Generation.objects.count(), Output.objects.count()) == (1, 2, 2)


def test_the_same_nonce_inside_a_transaction_leaves_it_usable(member: Membership, workspace: Workspace) -> None:
    with transaction.atomic():
        first = press(member, workspace, "n1")
        second = press(member, workspace, "n1")
        assert Brief.objects.count() == 1
    assert (first.brief, second.created) == (second.brief, False)


def test_a_nonce_is_unique_in_its_team_only(member: Membership, workspace: Workspace) -> None:
    press(member, workspace, "n1")
    team = Team.objects.create(name="South")
    other = Workspace.objects.create(team=team, name="Launch")
    assert TOOL
    assert submit_brief(SystemActor(team.pk), other, TOOL, ad(), "n1").created


def test_a_repeat_needs_nothing_of_what_it_referred_to(member: Membership, workspace: Workspace, photo: Asset) -> None:
    first = press(member, workspace, "n1", product_images=[str(photo.pk)])
    photo.delete()
    assert press(member, workspace, "n1", product_images=[str(photo.pk)]).brief == first.brief


def test_empty_words_are_filled_from_the_brief_and_both_are_kept(member: Membership, workspace: Workspace) -> None:
    prompt = "Cold brew in a can, for people who skip breakfast. Order now."
    generation = press(member, workspace, "n1", headline="", prompt=prompt).brief.generations.get()
    assert generation.inputs["headline"] == ""
    assert generation.filled_in["headline"]
    assert generation.drawn_inputs["headline"] == generation.filled_in["headline"]
    assert Output.objects.get().title.startswith("Cold brew")


def test_auto_takes_the_shape_of_the_first_picture_once(member: Membership, workspace: Workspace, photo: Asset) -> None:
    Asset.objects.filter(pk=photo.pk).update(width=900, height=1600)
    brief = press(member, workspace, "n1", aspect_ratio=["auto", "9:16"], product_images=[str(photo.pk)]).brief
    assert [generation.inputs["aspect_ratio"] for generation in brief.generations.all()] == [["9:16"]]
    assert brief.inputs["aspect_ratio"] == ["auto", "9:16"]
    assert press(member, workspace, "n2", aspect_ratio="auto").brief.generations.get().inputs["aspect_ratio"] == ["1:1"]


def test_what_is_out_of_reach_is_said_at_its_field(member: Membership, workspace: Workspace, photo: Asset) -> None:
    foreign = Team.objects.create(name="South")
    elsewhere = Workspace.objects.create(team=foreign, name="Launch")
    theirs = Brand.objects.create(team=foreign, name="Theirs")
    gone = Brand.objects.create(team=member.team, name="Gone", archived_at=workspace.created_at)
    Asset.objects.filter(pk=photo.pk).update(team=foreign, workspace=elsewhere)
    references = [str(photo.pk), "https://example.com/a.png", "http://example.com/a.png", "nonsense"]
    for brand in (theirs, gone):
        with pytest.raises(Unresolved) as caught:
            press(member, workspace, uuid.uuid4().hex, brand=str(brand.pk), product_images=references)
        fields = [problem.field for problem in caught.value.problems]
        assert sorted(fields) == ["brand", "product_images", "product_images", "product_images"]
    assert not Brief.objects.exists()


def test_a_voice_that_the_service_does_not_have_is_refused_at_its_field(
    member: Membership, workspace: Workspace
) -> None:
    voice = Voice.objects.create(team=member.team, name="Narrator")
    videogen = connect(member.team, "https://videogen.example.com", "videogen")
    speech = get_tool("speech")
    assert speech
    inputs = speech.Inputs.model_validate({"text": "Good morning.", "voice": str(voice.pk)})
    there = find_team_offer(member.team_id, "videogen:speech:tts")
    with pytest.raises(Unresolved, match="VideoGen does not have the voice “Narrator”") as caught:
        submit_brief(member, workspace, speech, inputs, uuid.uuid4().hex, offer=there)
    assert [problem.field for problem in caught.value.problems] == ["voice"]
    assert not Brief.objects.exists()
    facts = {"object_kind": "voice", "object_id": voice.pk, "kind": "voice", "remote_id": "vg_voic_1"}
    RemoteCopy.objects.create(team=member.team, connection=videogen, seen_at=workspace.created_at, **facts)
    assert submit_brief(member, workspace, speech, inputs, uuid.uuid4().hex, offer=there).created


def test_a_creator_of_one_workspace_may_use_photos_of_the_teams_brand(
    member: Membership, workspace: Workspace, brand: Brand, photo: Asset
) -> None:
    narrow = Workspace.objects.create(team=member.team, name="Client B")
    member.all_workspaces = False
    member.save()
    member.some_workspaces.set([narrow])
    Brand.objects.filter(pk=brand.pk).update(logo=None)  # A logo may be used as well.
    with pytest.raises(Unresolved):
        press(member, narrow, "n1", product_images=[str(photo.pk)])
    brand.products.create(name="Jar").photos.create(asset=photo)
    assert press(member, narrow, "n2", product_images=[str(photo.pk)], brand=str(brand.pk)).created
    with pytest.raises(PermissionDenied):
        press(member, workspace, "n3")


def test_a_reviewer_cannot_generate(member: Membership, workspace: Workspace) -> None:
    member.role = Role.REVIEWER
    with pytest.raises(PermissionDenied):
        press(member, workspace, "n1")


def test_run_again_is_a_new_generation(submit: Submit, member: Membership) -> None:
    old = submit(aspect_ratio=["1:1", "4:5"])[1]
    again = run_again(old, member, "again")
    new = again.brief.generations.get()
    assert new.pk != old.pk
    assert (new.origin, new.inputs) == (Origin.RETRY, old.inputs)
    assert run_again(old, member, "again").brief == again.brief


def test_racing_claims_share_rows_and_never_double_them(submit: Submit) -> None:
    rows = {generation.pk for _ in range(10) for generation in submit(aspect_ratio=["1:1", "4:5", "9:16", "16:9"])}
    start, taken = threading.Barrier(4), list[uuid.UUID]()

    def one() -> None:
        start.wait(30)
        while due := leases.claim_due(limit=3):
            taken.extend(row.pk for row in due)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(taken) == sorted(rows)
