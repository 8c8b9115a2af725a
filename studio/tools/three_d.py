"""Things that can be turned around."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from .base import Expected, Inputs, Tool
from .fields import UNSET, ImageRef, Limit, Prompt, Required, Toggle, Whole, Widget, place


class Model3dInputs(Inputs):
    prompt: Annotated[
        Prompt,
        Required("Say what the model should be. It is needed with a picture, too."),
        place("idea", rows=3, placeholder="A wooden chair with a woven seat"),
    ] = Field(default="", title="What to model", description="One thing, its material and its style.")
    image: Annotated[ImageRef, place("idea")] = Field(
        default="", title="Picture", description="A picture of the thing to model."
    )
    mode: Annotated[
        Literal["preview", "full"] | None,
        UNSET,
        Widget("segment", "look", {"labels": {"preview": "Shape only", "full": "With texture"}}),
    ] = Field(default=None, title="How far", description="Left open: with texture.")
    art_style: Annotated[
        Literal["realistic", "sculpture"] | None,
        UNSET,
        Widget("segment", "look", {"labels": {"realistic": "Realistic", "sculpture": "Sculpture"}}),
    ] = Field(default=None, title="Style", description="Left open: realistic.")
    pbr: Annotated[Toggle, place("look", on="Yes", off="No", more=True)] = Field(
        default=None,
        title="Light-aware surface",
        description="Adds maps for metal, roughness and relief. Left open: no.",
    )
    topology: Annotated[
        Literal["quad", "triangle"] | None,
        UNSET,
        Widget("segment", "mesh", {"labels": {"quad": "Quads", "triangle": "Triangles"}}),
    ] = Field(default=None, title="Mesh", description="Left open: triangles.")
    polycount: Annotated[Whole, Limit(ge=1000, le=100_000), place("mesh", step=1000)] = Field(
        default=None, title="Polygons", description="1,000 to 100,000. Left open: 30,000."
    )
    symmetry: Annotated[
        Literal["off", "auto", "on"] | None,
        UNSET,
        Widget("segment", "mesh", {"labels": {"off": "Off", "auto": "Auto", "on": "On"}}),
    ] = Field(default=None, title="Symmetry", description="Left open: auto.")
    remesh: Annotated[Toggle, place("mesh", on="Yes", off="No", more=True)] = Field(
        default=None, title="Clean up the mesh", description="Left open: yes."
    )
    t_pose: Annotated[Toggle, place("mesh", on="Yes", off="No", more=True)] = Field(
        default=None, title="Arms out", description="A figure in A or T pose, ready for rigging. Left open: no."
    )
    expand_prompt: Annotated[Toggle, place("idea", on="Yes", off="No", more=True)] = Field(
        default=None,
        title="A longer prompt",
        description="Let the service write a longer prompt from yours. Left open: no.",
    )


class Model3dTool(Tool):
    slug = "model-3d"
    title = "3D model"
    summary = "A thing to turn around, from words or a picture, as a GLB file."
    icon = "box"
    group = "Building blocks"
    makes = "model"
    noun = ("model", "models")
    groups: ClassVar = (
        ("idea", "Model", "What it should be."),
        ("look", "Look", "Texture and style."),
        ("mesh", "Mesh", "For those who work with it further."),
    )
    Inputs = Model3dInputs

    def expected(self, inputs: Model3dInputs) -> list[Expected]:
        return [Expected("model", "", 1.0)]


TOOLS: list[type[Tool]] = [Model3dTool]
