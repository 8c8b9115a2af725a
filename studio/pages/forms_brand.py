"""The forms of the brand pages: one per card, so that each is saved on its own and nobody overwrites what they did not look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet

from studio.engine import reach
from studio.media import naming
from studio.models import Asset, Brand, Kind, Membership, Workspace
from studio.tools.fields import RATIOS

from .brand_fields import ColourField, LinesField, PlainTextField, link_field, name_field, or_grey, printable

ROLES = (
    ("primary", "Primary", "The colour people know you by"),
    ("accent", "Accent", "Buttons, badges, one stressed word"),
    ("dark", "Dark", "Text, and dark grounds"),
    ("light", "Light", "Pale grounds, and text on dark"),
)
"""The four colours of a brand: field, name, what it does."""

MOST_PHOTOS = 12


def reaches_all(membership: Membership) -> bool:
    """Whether this person works in all workspaces, and so may say that a brand belongs to all of them."""
    return membership.all_workspaces or membership.may_manage


def name_taken(membership: Membership, name: str, but: UUID | None = None) -> bool:
    """Whether a brand in use has this name, whatever its case. Compared here: SQLite knows only the case of A to Z."""
    used = Brand.objects.filter(team=membership.team_id, archived_at=None).values_list("pk", "name")
    return name.casefold() in {other.casefold() for pk, other in used if pk != but}


NAME_TAKEN = "Another brand of your team has this name. Give this one a name of its own."


class AboutForm(forms.Form):
    """The name, the website, and who sees the brand. Somebody who works in some workspaces only cannot move a brand into or out of the others."""

    name = name_field("Name", "Type the brand's name.", spellcheck="false")
    website = link_field("Website")
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
        given = {"name": brand.name, "website": brand.website} if brand else {}
        super().__init__(data, initial={**given, "seen_in": here}, **options)
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


MOST_COLOURS = 8
"""Of colours beside the four roles."""


class ToneForm(forms.Form):
    tone = PlainTextField(
        label="Tone of voice",
        max_length=300,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 4, "data-count": "tone-count"}),
        help_text="How this brand talks, in a sentence or two.",
        error_messages={"max_length": "Use at most 300 characters; this has %(show_value)d."},
    )
    say = LinesField(label="Say", most=40, longest=80, rows=5, help_text="Words and phrases to use, one on each line.")
    never_say = LinesField(
        label="Never say",
        most=100,
        longest=80,
        rows=5,
        help_text="One on each line. Named before anything is made; “cheap*” also finds “cheaper”.",
    )


class ClaimsForm(forms.Form):
    claims = LinesField(
        label="Claims", most=40, longest=240, rows=6, help_text="What may be claimed, one sentence on each line."
    )
    legal_line = PlainTextField(
        label="Legal line",
        max_length=300,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 2}),
        help_text="The small print that goes with an ad, such as who stands behind it.",
        error_messages={"max_length": "Use at most 300 characters; this has %(show_value)d."},
    )


class DeliveryForm(forms.Form):
    default_ratios = forms.MultipleChoiceField(
        label="Usual shapes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(ratio, ratio) for ratio in RATIOS if ratio != "auto"],
        error_messages={"invalid_choice": "“%(value)s” is not one of the shapes shown here."},
    )
    file_name_template = PlainTextField(
        label="File names",
        max_length=120,
        required=False,
        widget=forms.TextInput(
            {"class": "input mono", "autocomplete": "off", "spellcheck": "false", "data-file-name": "file-example"}
        ),
        error_messages={"max_length": "Use at most 120 characters; this has %(show_value)d."},
    )

    def clean_file_name_template(self) -> str:
        template: str = self.cleaned_data["file_name_template"]
        problem = naming.problem_with(template)
        if problem:
            raise forms.ValidationError(problem)
        return template


class ColoursForm(forms.Form):
    """Four hex fields, named as the brand's colours are, and further colours as rows of `more_name` and `more_hex`; a row without a colour
    is left out."""

    def __init__(self, data: Any = None, *, blank_rows: int = 1, **options: Any) -> None:
        super().__init__(data, **options)
        self.blank_rows = blank_rows
        self.more: list[dict[str, str]] = [dict(row) for row in self.initial.get("more_colours", ())]
        self.more_errors: list[str] = []
        if data is not None:
            names, codes = data.getlist("more_name"), data.getlist("more_hex")
            rows = [{"name": printable(name), "hex": code.strip()} for name, code in zip(names, codes, strict=False)]
            self.more = [row for row in rows if row["hex"] or row["name"]][: MOST_COLOURS + 1]
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
        return or_grey(str(self[name].value() or ""))

    def clean(self) -> dict[str, Any]:
        found = []
        for row in self.more:
            try:
                code = ColourField(max_length=40).to_python(row["hex"])
                if not code:
                    raise forms.ValidationError(f"“{row['name'][:40]}” has no colour. Type one, or empty its name.")
            except forms.ValidationError as error:
                self.more_errors += error.messages
                continue
            found.append({"name": row["name"][:40] or code, "hex": code})
        if len(self.more) > MOST_COLOURS:
            self.more_errors.append(f"At most {MOST_COLOURS} further colours.")
        for sentence in self.more_errors:
            self.add_error(None, sentence)
        return {**self.cleaned_data, "more_colours": found}

    def more_rows(self) -> list[dict[str, str]]:
        """The further colours, and empty rows to fill."""
        blank = min(self.blank_rows, MOST_COLOURS - len(self.more))
        return [{**row, "shown": or_grey(row["hex"])} for row in self.more] + [
            {"name": "", "hex": "", "shown": "#808080"} for _ in range(max(0, blank))
        ]

    def rows(self) -> list[dict[str, Any]]:
        return [{"field": self[n], "note": note, "colour": self.shown(n)} for n, _, note in ROLES]


@dataclass(frozen=True, slots=True)
class FontChoice:
    """A font as it is shown. specimen: address of its drawn letters. face: what a browser calls it, of a brand's own font."""

    key: str
    title: str
    sentence: str
    specimen: str
    face: str = ""


class FontsForm(forms.Form):
    """Keys of the shipped fonts and of the brand's own."""

    heading_font = forms.ChoiceField(label="Headlines", widget=forms.RadioSelect)
    body_font = forms.ChoiceField(label="Everything else", widget=forms.RadioSelect)

    def __init__(
        self, data: Any = None, *, fonts: Sequence[FontChoice] = (), with_file: Collection[str] = (), **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.fonts, self.with_file = fonts, with_file
        for field in self.fields.values():
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(font.key, font.title) for font in fonts]
            field.error_messages = {
                "required": "Choose a font.",
                "invalid_choice": "This font is not here. Choose one of the fonts shown.",
            }

    def columns(self) -> list[dict[str, Any]]:
        return [
            {
                "field": bound,
                "value": str(bound.value() or ""),
                "fonts": self.fonts,
                "file": f"{bound.name}_file",
                "has_file": bound.name in self.with_file,
            }
            for bound in self
        ]


class ProductForm(forms.Form):
    """What is said of a product, and its photos, by id and in order. `photos` may only name pictures that this person may use."""

    name = name_field("Product name", "Type the product's name.")
    price = PlainTextField(
        label="Price",
        max_length=40,
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "placeholder": "€ 29"}),
        error_messages={"max_length": "Use at most 40 characters; this has %(show_value)d."},
    )
    link = link_field("Link")
    facts = PlainTextField(
        label="Facts",
        lines=True,
        max_length=1000,
        required=False,
        widget=forms.Textarea({"class": "input", "rows": 3}),
        help_text="Size, material, what it does: what a writer must get right.",
        error_messages={"max_length": "Use at most 1,000 characters; this has %(show_value)d."},
    )

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
