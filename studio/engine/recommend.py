"""Which saved references fit a template: what is filed under it first, then what looks and reads like it. Told in docs/references.md. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.models import Reference

from .suggest import CATEGORY, HERE, Target, figure, judged, said_of

__all__ = ["CATEGORY", "Fit", "ranked"]

FILED = 6.0
"""Points for being filed under the very template: more than look or words alone can bring."""
FITS = 50
"""From this score on a list says that it fits."""
ELSEWHERE = 0.4
"""What look and words still count for one that a person filed under another template."""


@dataclass(frozen=True, slots=True)
class Fit:
    """score: 0..100. reason: why, in a sentence without its full stop. is_filed: under this very template."""

    reference: Reference
    score: int
    reason: str
    is_filed: bool = False

    @property
    def note(self) -> str:
        """The same in a few words, for a list; empty where it hardly fits."""
        return self.reason if self.is_filed else f"Fits, {self.score}%" if self.score >= FITS else ""


def ranked(references: Iterable[Reference], template: str, category: str = CATEGORY, title: str = "") -> list[Fit]:
    """The references, best first for a template (its slug); equals stay in the order given. No queries.

    category: of the template, "" where it is not known.
    """
    target = Target(template, category, title or template.replace("-", " ").capitalize(), HERE)
    found = [_fit(reference, target, category) for reference in references]
    return sorted(found, key=lambda fit: -fit.score)


def _fit(reference: Reference, target: Target, category: str) -> Fit:
    points, _, reason = judged(target, said_of(reference), reference.look, reference.media_kind)
    if reference.template_slug == target.slug and category in ("", reference.template_category):
        return Fit(reference, figure(points + FILED), f"Filed under {target.title}", True)
    if reference.template_slug:
        return Fit(reference, figure(points * ELSEWHERE), f"Filed under {reference.template_slug.replace('-', ' ')}")
    return Fit(reference, figure(points), reason.rstrip("."))
