"""What a downloaded file is called: by its brand's template, made of tokens such as {brand} and {ratio}, else by a plain rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from studio.media.downloads import safe_stem
from studio.models import Output, ProductPhoto

TOKENS = ("brand", "product", "title", "tool", "ratio", "date", "n")
PLAIN = "{title}-{ratio}"
LONGEST = 120

_TOKEN = re.compile(r"\{([^{}]*)\}")
_PICTURES = ("product_images", "images", "product_image", "image", "first_frame")
"""Inputs that may hold a product's photo."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tokens stand for. day: when it was made. number: its place among files of the same name, from 1."""

    brand: str = ""
    product: str = ""
    title: str = ""
    tool: str = ""
    ratio: str = ""
    day: date | None = None

    def value(self, part: str, number: int) -> str:
        if part == "date":
            return f"{self.day:%Y-%m-%d}" if self.day else ""
        if part == "n":
            return f"{number:02d}"
        return str(getattr(self, part))


def problem_with(template: str) -> str:
    """What is wrong with a template, as a sentence; "" when it can be used."""
    unknown = next((token for token in _TOKEN.findall(template) if token not in TOKENS), None)
    every = ", ".join(f"{{{token}}}" for token in TOKENS)
    if unknown is not None:
        return f"“{{{unknown[:30]}}}” is not one of the parts. Use {every}."
    if "{" in _TOKEN.sub("", template) or "}" in _TOKEN.sub("", template):
        return f"A curly bracket stands alone. Write each part as {{brand}}. The parts are {every}."
    if template and not set(_TOKEN.findall(template)) & {"title", "product", "ratio", "n", "date", "tool"}:
        return "Every file would have the same name. Add {title}, {ratio} or {n}."
    return ""


def stem(template: str, facts: Facts, number: int = 1) -> str:
    """A name without suffix that every system takes. An empty token takes the hyphen, dot or space beside it along."""
    text = _TOKEN.sub(lambda found: safe_stem(value) if (value := facts.value(found[1], number)) else "", template)
    # A leading number would read as one, and double separators are what empty tokens leave behind.
    text = re.sub(r"[^\w.\-]+", "-", text, flags=re.UNICODE)
    text = re.sub(r"([-._])[-._]+", r"\1", text).strip("-._")[:LONGEST].strip("-._")
    return text or "untitled"


def numbered(template: str, facts: Facts, number: int) -> str:
    """The name of the file with this number among those of the same name; where the template has no {n}, it is added."""
    name = stem(template, facts, number)
    return name if "{n}" in template else f"{name}-{number:02d}"


def template_of(output: Output) -> str:
    return output.brand.file_name_template if output.brand_id and output.brand else ""


def facts_of(output: Output, product: str = "") -> Facts:
    made = output.ready_at or output.created_at
    return Facts(
        brand=output.brand.name if output.brand_id and output.brand else "",
        product=product,
        title=output.title,
        tool=output.tool,
        ratio=output.ratio_label.replace(":", "x") if ":" in output.ratio_label else "",
        day=timezone.localtime(made).date() if made else None,
    )


def download_name(output: Output) -> str:
    """Of a single file. At most one query more than the output's own."""
    template = template_of(output)
    if template:
        return stem(template, facts_of(output, products_of([output]).get(output.pk, "")))
    return stem("{brand}-{title}-{ratio}", facts_of(output)).lower()


def products_of(outputs: Sequence[Output]) -> dict[UUID, str]:
    """The product whose photo an output was made with, by output: one query for those whose brand asks for it, none where none does."""
    asking = [output for output in outputs if "{product}" in template_of(output)]
    pictures = {output.pk: _pictures(output.generation.inputs) for output in asking}
    ids = {pk for found in pictures.values() for pk in found}
    if not ids:
        return {}
    rows = ProductPhoto.objects.filter(asset__in=ids, product__brand__in={output.brand_id for output in asking})
    named = {
        (brand, asset): name for brand, asset, name in rows.values_list("product__brand", "asset", "product__name")
    }
    found = {}
    for output in asking:
        first = next((named[key] for pk in pictures[output.pk] if (key := (output.brand_id, pk)) in named), "")
        if first:
            found[output.pk] = first
    return found


def _pictures(inputs: Mapping[str, object]) -> list[UUID]:
    """Our own pictures among the inputs, in order."""
    found: list[UUID] = []
    for name in _PICTURES:
        value = inputs.get(name) or ()
        for reference in [value] if isinstance(value, str) else value if isinstance(value, list | tuple) else ():
            try:
                found.append(UUID(str(reference)))
            except ValueError:
                continue  # A link, or something that only a service has.
    return found
