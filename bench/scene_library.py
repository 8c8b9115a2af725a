"""The library behind the pictures of its pages: references with what is noticed in them, two people, three voices, and what was made with them."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from studio.engine import people_photos, references, suggest
from studio.media.ingest import ingest_file
from studio.models import (
    Asset,
    Brand,
    Influencer,
    Kind,
    Membership,
    Output,
    Readiness,
    Reference,
    Use,
    User,
    Voice,
    VoiceKind,
    Workspace,
)

WALL = Path(settings.BASE_DIR) / "static" / "img" / "wall"
SPOKEN = Path(settings.BASE_DIR) / "static" / "voices"
TESTS = Path(settings.BASE_DIR) / "tests"
PEOPLE = ("Noor Hale", "Lina Falk")
VOICES = (
    ("Noor, studio", "af_heart.mp3", VoiceKind.CLONED, "Copied from half a minute at her desk.", "en", "female"),
    ("Calm pharmacist", "af_nicole.mp3", VoiceKind.DESIGNED, "A woman, low and unhurried. Slow pace.", "en", "female"),
    ("Late radio", "am_michael.mp3", VoiceKind.DESIGNED, "A man, warm, close to the microphone.", "en", "male"),
)


def make_library(workspace: Workspace, owner: User, made: list[Output]) -> dict[str, str]:
    """The addresses of one of each, by the names that the pictures have. made: outputs that are said to be made with them."""
    membership = owner.memberships.get(team=workspace.team_id)
    saved = [_reference(membership, workspace, path) for path in sorted(WALL.glob("*.webp"))]
    portrait = ingest_file(membership, workspace, TESTS / "media" / "portrait.jpg").asset
    spoken = [ingest_file(membership, workspace, SPOKEN / name, accept=(Kind.AUDIO,)).asset for _, name, *_ in VOICES]
    people = [_person(workspace, owner, name, portrait) for name in PEOPLE]
    voices = [_voice(workspace, owner, spoken[place], title, *facts) for place, (title, _, *facts) in enumerate(VOICES)]
    Influencer.objects.filter(pk=people[0].pk).update(voice=voices[0])
    brand = Brand.objects.get(team=workspace.team_id, name="Oru")
    for output in made[-5:]:
        for kind, row in (("brand", brand), ("influencer", people[0]), ("reference", saved[0]), ("voice", voices[0])):
            Use.objects.get_or_create(
                team=workspace.team,
                workspace=workspace,
                generation=output.generation,
                object_kind=kind,
                object_id=row.pk,
            )
    return {
        "reference": f"/references/{saved[0].pk}/",
        "influencer": f"/influencers/{people[0].pk}/",
        "voice": f"/voices/{voices[0].pk}/",
    }


def _reference(membership: Membership, workspace: Workspace, path: Path) -> Reference:
    """As one who files by suggestion would have it."""
    asset = ingest_file(membership, workspace, path).asset
    row = references.save(membership, workspace, [asset])
    references.notice(row.pk)
    row.refresh_from_db()
    best = suggest.suggest(suggest.targets(membership), suggest.said_of(row), row.look, row.media_kind)
    if best:
        references.file_under(Reference.objects.filter(pk=row.pk), best[0].target)
    return row


def _person(workspace: Workspace, owner: User, name: str, face: Asset) -> Influencer:
    row = Influencer.objects.create(
        team=workspace.team,
        workspace=workspace,
        name=name,
        readiness=Readiness.READY,
        languages="English",
        notes="Late twenties, plain colours.",
        created_by=owner,
    )
    people_photos.add_photos(row, [face])
    people_photos.check_photos(row.pk)
    return row


def _voice(
    workspace: Workspace, owner: User, sound: Asset, name: str, kind: str, about: str, language: str, gender: str
) -> Voice:
    return Voice.objects.create(
        team=workspace.team,
        workspace=workspace,
        name=name,
        kind=kind,
        description=about,
        language=language,
        gender=gender,
        preview=sound,
        created_by=owner,
    )
