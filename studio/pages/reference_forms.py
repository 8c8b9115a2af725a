"""The words of a reference."""

from __future__ import annotations

from django import forms

from .brand_fields import printable


class ReferenceForm(forms.Form):
    label = forms.CharField(
        label="Name",
        max_length=120,
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": "Give it a name, so that it can be found again."},
    )
    notes = forms.CharField(
        label="Notes",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
        help_text="What you like about it. Suggestions read them too.",
    )
    source = forms.CharField(
        label="Where it is from",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"class": "input"}),
    )

    def clean_label(self) -> str:
        return self._clean("label")

    def clean_notes(self) -> str:
        return self._clean("notes")

    def clean_source(self) -> str:
        return self._clean("source")

    def _clean(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        return printable(text).strip()
