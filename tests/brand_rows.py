"""Brands and pictures that several tests of the brand pages need."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from studio.models import Asset, Brand, Team, User, Workspace

SignIn = Callable[[Client, User], Client]
COLOURS = {"primary": "#8a3b12", "accent": "#c8643a", "dark": "#2b1a12", "light": "#f6eade"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def brand(team: Team, workspace: Workspace) -> Brand:
    return Brand.objects.create(team=team, name="Halden", **COLOURS)


@pytest.fixture
def elsewhere(team: Team, other_workspace: Workspace) -> Brand:
    """A brand of the workspace that creator and reviewer may not enter."""
    return Brand.objects.create(team=team, workspace=other_workspace, name="Kestrel")


def png(colour: str = "#c8643a") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return SimpleUploadedFile("serum.png", file.getvalue(), "image/png")


def photo(team: Team, workspace: Workspace, name: str = "serum.png") -> Asset:
    return Asset.objects.create(
        team=team,
        workspace=workspace,
        kind="image",
        file=f"{team.pk}/{name}",
        original_name=name,
        media_type="image/png",
        size_bytes=10,
        sha256=name.ljust(64, "0"),
        width=60,
        height=40,
        dominant_colour="#c8643a",
    )
