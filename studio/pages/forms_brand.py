"""The forms of the brand pages: one per card, so that each is saved on its own and nobody overwrites what they did not look at."""

from __future__ import annotations

import unicodedata
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from studio.engine import reach
from studio.models import Asset, Brand, Kind, Membership, Workspace
from studio.render import colours
from studio.render.fonts import FONTS

ROLES = (
    ("primary", "Primary", "The colour people know you by"),
    ("accent", "Accent", "Buttons, badges, one stressed word"),
    ("dark", "Dark", "Text, and dark grounds"),
    ("light", "Light", "Pale grounds, and text on dark"),
)
"""The four colours of a brand: field, name, what it does."""

MOST_PHOTOS = 12
_JOINERS = "\u200c\u200d"  # They shape Persian words and join emoji, so they stay.


def printable(text: str, *, lines: bool = False) -> str:
    """Composed characters, no control or direction characters; all white space is one space. lines: line breaks may stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    rows = text.split("\n") if lines else [text]
    cleaned = (" ".join("".join(map(_or_space, row)).split()) for row in rows)
    return "\n".join(cleaned).strip()


def _or_space(character: str) -> str:
    if character.isspace():
        return " "
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
    return "" if hidden and character not in _JOINERS and not 0xE0020 <= ord(character) <= 0xE007F else character


class PlainTextField(forms.CharField):
    """Text as people see it: what is invisible is taken out before anything is counted or checked."""

    def __init__(self, *, lines: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.lines = lines

    def to_python(self, value: Any) -> str:
        return printable(str(super().to_python(value) or ""), lines=self.lines)


def name_field(label: str, missing: str, **attrs: str) -> PlainTextField:
    return PlainTextField(
        label=label,
        max_length=80,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", **attrs}),
        error_messages={"required": missing, "max_length": "Use at most 80 characters; this has %(show_value)d."},
    )


def reaches_all(membership: Membership) -> bool:
    """Whether this person works in all workspaces, and so may say that a brand belongs to all of them."""
    return membership.all_workspaces or membership.may_manage


def name_taken(membership: Membership, name: str, but: UUID | None = None) -> bool:
    """Whether a brand in use has this name, whatever its case. Compared here: SQLite knows only the case of A to Z."""
    used = Brand.objects.filter(team=membership.team_id, archived_at=None).values_list("pk", "name")
    return name.casefold() in {other.casefold() for pk, other in used if pk != but}


NAME_TAKEN = "Another brand of your team has this name. Give this one a name of its own."


class AboutForm(forms.Form):
    """The name, and who sees the brand. Somebody who works in some workspaces only cannot move a brand into or out of the others."""

    name = name_field("Name", "Type the brand's name.", spellcheck="false")
    seen_in = forms.ChoiceField(
        label="Visible in",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of the places shown here."},
    )

    def __init__(
        self, membership: Membership, workspace: Workspace, data: Any = None, brand: Brand | None = None, **options: Any
    ) -> None:
        self.brand, self.membership = brand, membership
        self.own = brand.workspace if brand and brand.workspace else workspace
        here = "this" if brand and brand.workspace_id else "all"
        super().__init__(data, initial={"name": brand.name if brand else "", "seen_in": here}, **options)
        self.may_choose = reaches_all(membership)
        if self.may_choose:
            seen_in = self.fields["seen_in"]
            assert isinstance(seen_in, forms.ChoiceField)
            seen_in.choices = [("all", "All workspaces"), ("this", f"Only {self.own.name}")]
        else:
            del self.fields["seen_in"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name_taken(self.membership, name, self.brand.pk if self.brand else None):
            raise forms.ValidationError(NAME_TAKEN)
        return name

    @property
    def workspace_given(self) -> Workspace | None:
        """Where the brand is to be seen; None is all of the team's workspaces."""
        if not self.may_choose:
            return self.brand.workspace if self.brand else self.own
        chosen = self.cleaned_data.get("seen_in") or self.initial["seen_in"]
        return None if chosen == "all" else self.own


class ToneForm(forms.Form):
    tone = PlainTextField(
        label="Tone of voice",
        max_length=300,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 5, "data-count": "tone-count"}),
        help_text="How this brand talks, in a sentence or two.",
        error_messages={"max_length": "Use at most 300 characters; this has %(show_value)d."},
    )


_NO_COLOUR = "“%(value)s” is not a colour; write it like #e8542f."


class ColourField(forms.CharField):
    """A colour as lower-case `#rrggbb`; `abc`, `#abc` and upper case are taken too."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").strip()
        if not text:
            return ""
        try:
            return colours.check(text if text.startswith("#") else f"#{text}")
        except ValueError as error:
            raise forms.ValidationError(_NO_COLOUR % {"value": text[:40]}) from error


class ColoursForm(forms.Form):
    """Four hex fields, named as the brand's colours are."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for name, label, _ in ROLES:
            self.fields[name] = ColourField(
                label=label,
                max_length=40,
                widget=forms.TextInput(
                    {
                        "class": "input mono",
                        "autocomplete": "off",
                        "spellcheck": "false",
                        "data-hex": name,
                        "maxlength": "7",
                    }
                ),
                error_messages={
                    "required": f"Type the {label.lower()} colour, such as #2350e0.",
                    "max_length": "This is not a colour; write it like #e8542f.",
                },
            )

    def shown(self, name: str) -> str:
        """The colour to draw for a field: what was typed if it is one, else a grey."""
        try:
            return colours.check(str(self[name].value() or ""))
        except ValueError:
            return "#808080"

    def rows(self) -> list[dict[str, Any]]:
        return [{"field": self[n], "note": note, "colour": self.shown(n)} for n, _, note in ROLES]


class FontsForm(forms.Form):
    """Keys of the shipped fonts."""

    heading_font = forms.ChoiceField(label="Headlines", widget=forms.RadioSelect)
    body_font = forms.ChoiceField(label="Everything else", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for field in self.fields.values():
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(font.key, font.title) for font in FONTS.values() if not font.key.startswith("upload-")]
            field.error_messages = {
                "required": "Choose a font.",
                "invalid_choice": "This font is not here. Choose one of the fonts shown.",
            }

    def columns(self) -> list[dict[str, Any]]:
        return [
            {
                "field": bound,
                "value": str(bound.value() or ""),
                "fonts": [font for font in FONTS.values() if not font.key.startswith("upload-")],
            }
            for bound in self
        ]


class ProductForm(forms.Form):
    """A product's name and its photos, by id and in order. `photos` may only name pictures that this person may use."""

    name = name_field("Product name", "Type the product's name.")

    def __init__(self, membership: Membership, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.membership = membership
        self.photos: list[Asset] = list(options.get("initial", {}).get("photos", ()))
        self.photo_errors: list[str] = []
        if data is not None:
            self.photos = self._pictures(data.getlist("photos"))

    def _pictures(self, references: list[str]) -> list[Asset]:
        ids = [pk for pk in dict.fromkeys(map(_as_id, references)) if pk is not None]
        usable: QuerySet[Asset] = reach.assets(self.membership).filter(kind=Kind.IMAGE)
        found = usable.in_bulk(ids[: MOST_PHOTOS * 2])
        if len(found) < len(dict.fromkeys(references)):
            self.photo_errors.append("One of the photos is not here any more and was taken out. Upload it again.")
        return [found[pk] for pk in ids if pk in found]

    def clean(self) -> None:
        if len(self.photos) > MOST_PHOTOS:
            self.photo_errors.append(
                f"At most {MOST_PHOTOS} photos for a product. Take out {len(self.photos) - MOST_PHOTOS}."
            )
        for error in self.photo_errors:
            self.add_error(None, error)


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
