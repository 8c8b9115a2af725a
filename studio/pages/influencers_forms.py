"""The forms of the influencer pages: one per card."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from studio.engine import reach
from studio.engine.fields import own_ids
from studio.models import Asset, Influencer, Kind, Membership, Voice, Workspace

from .brand_fields import PlainTextField

CONSENT = "Tick this: a face is only used with the person’s consent, or when nobody has it."


def _name() -> PlainTextField:
    return PlainTextField(
        label="Name",
        max_length=100,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "placeholder": "Lina Falk"}),
        error_messages={"required": "Type a name that your team will recognise."},
    )


def _languages() -> PlainTextField:
    return PlainTextField(
        label="Speaks",
        required=False,
        max_length=200,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "placeholder": "Swedish, English"}),
    )


def _text(label: str, hint: str, placeholder: str = "") -> PlainTextField:
    return PlainTextField(
        label=label,
        required=False,
        lines=True,
        max_length=1000,
        help_text=hint,
        widget=forms.Textarea({"class": "input", "rows": 3, "placeholder": placeholder}),
    )


class AboutForm(forms.Form):
    name = _name()
    languages = _languages()
    notes = _text("Notes", "Age look, wardrobe, what they stand for.", "Late twenties, plain colours, no logos")


class ConsentForm(forms.Form):
    """The file itself is taken by the page."""

    consent = forms.BooleanField(
        label="This face is invented, or we hold written consent to use it in ads.",
        error_messages={"required": CONSENT},
    )
    consent_note = _text(
        "Note", "Who agreed to what, and until when.", "Signed by Lina Falk, ads in the EU, until 2027"
    )


class VoiceForm(forms.Form):
    """One of the voices that may be used here; one that is attached already stays choosable."""

    def __init__(self, membership: Membership, workspace: Workspace, row: Influencer, data: Any = None) -> None:
        super().__init__(data)
        self.rows = list(reach.voices(membership, workspace.pk).select_related("preview").order_by("name", "pk")[:100])
        if row.voice and row.voice not in self.rows:
            self.rows.insert(0, row.voice)
        self.chosen = str(row.voice_id or "") if data is None else str(data.get("voice", ""))[:64]

    def voice(self) -> Voice | None:
        return next((row for row in self.rows if str(row.pk) == self.chosen), None)

    def clean(self) -> None:
        if self.chosen and self.voice() is None:
            self.add_error(None, "That voice is not here any more. Pick another one.")


class NewForm(ConsentForm):
    name = _name()
    languages = _languages()
    field_order = ("name", "languages", "consent", "consent_note")


def pictures(membership: Membership, references: Iterable[str], most: int) -> list[Asset]:
    """The pictures of these ids that may be used, in order, each once."""
    ids = list(dict.fromkeys(own_ids(list(references)[: 4 * most])))
    found = reach.assets(membership).filter(kind=Kind.IMAGE).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
