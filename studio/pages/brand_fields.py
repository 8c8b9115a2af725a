"""Fields of the brand forms: text as people see it, lists, web addresses, colours."""

from __future__ import annotations

import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms

from studio.render import colours

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


class LinesField(PlainTextField):
    """A list, one entry on each line: cleaned, each once, in order. The initial value is the list."""

    def __init__(self, *, most: int, longest: int, rows: int, **options: Any) -> None:
        widget = forms.Textarea({"class": "input", "rows": rows, "dir": "auto"})
        super().__init__(lines=True, required=False, widget=widget, **options)
        self.most, self.longest = most, longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value)
        entries = list({line.casefold(): line for line in reversed(text.split("\n")) if line}.values())[::-1]
        if len(entries) > self.most:
            raise forms.ValidationError(f"At most {self.most} lines. Take out {len(entries) - self.most}.")
        long = next((entry for entry in entries if len(entry) > self.longest), "")
        if long:
            said = f"“{long[:40]}…” has {len(long)} characters. Use at most {self.longest} on a line."
            raise forms.ValidationError(said)
        return entries


class LinkField(PlainTextField):
    """A web address; `example.com` becomes `https://example.com`."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        address = text if "://" in text else f"https://{text}"
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or " " in address:
            raise forms.ValidationError(f"“{text[:40]}” is not a web address. Write it like https://example.com.")
        return address


def link_field(label: str, **options: Any) -> LinkField:
    return LinkField(
        label=label,
        required=False,
        max_length=500,
        widget=forms.TextInput({"class": "input", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": "Use at most 500 characters; this has %(show_value)d."},
        **options,
    )


def name_field(label: str, missing: str, **attrs: str) -> PlainTextField:
    return PlainTextField(
        label=label,
        max_length=80,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", **attrs}),
        error_messages={"required": missing, "max_length": "Use at most 80 characters; this has %(show_value)d."},
    )


NO_COLOUR = "“%(value)s” is not a colour; write it like #e8542f."


class ColourField(forms.CharField):
    """A colour as lower-case `#rrggbb`; `abc`, `#abc` and upper case are taken too."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value) or "").strip()
        if not text:
            return ""
        try:
            return colours.check(text if text.startswith("#") else f"#{text}")
        except ValueError as error:
            raise forms.ValidationError(NO_COLOUR % {"value": text[:40]}) from error


def or_grey(text: str) -> str:
    """The colour to draw for what was typed: a grey where it is none."""
    try:
        return colours.check(text)
    except ValueError:
        return "#808080"
