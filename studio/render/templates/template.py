"""What a template is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.render.templates.base import Canvas


@dataclass(frozen=True, slots=True)
class Template:
    """One way to lay out an ad.

    slug: what `StaticAd.template` holds. title, sentence, good_for: for the form. needs: the inputs it lives of ("product", "quote", …);
    it looks designed without them too.
    """

    slug: str
    title: str
    sentence: str
    good_for: str
    needs: frozenset[str]
    draw: Callable[[Canvas], None]
