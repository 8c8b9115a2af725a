"""What the forms of accounts and settings share: fields with plain words, and the summary of what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from studio.models import User

# Hashing a password costs time in proportion to nothing, but reading megabytes of it would.
LONGEST_PASSWORD = 256


def text_field(
    label: str, missing: str, autocomplete: str = "off", *, large: bool = False, **options: Any
) -> forms.CharField:
    """One line of text. `missing` is the sentence for an empty field."""
    attrs = {"class": "input lg" if large else "input", "autocomplete": autocomplete}
    options.setdefault("max_length", 120)
    return forms.CharField(label=label, widget=forms.TextInput(attrs), error_messages={"required": missing}, **options)


def email_field(
    label: str = "Email", *, large: bool = False, autocomplete: str = "username", **options: Any
) -> forms.EmailField:
    attrs = {"class": "input lg" if large else "input", "autocomplete": autocomplete, "inputmode": "email"}
    return forms.EmailField(
        label=label,
        max_length=254,
        widget=forms.EmailInput(attrs),
        error_messages={
            "required": "Type an email address.",
            "invalid": "This is not an email address. It looks like name@example.com.",
        },
        **options,
    )


def password_field(
    label: str = "Password", autocomplete: str = "current-password", *, large: bool = False, **options: Any
) -> forms.CharField:
    attrs = {"class": "input lg" if large else "input", "autocomplete": autocomplete}
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs),
        error_messages={
            "required": "Type a password.",
            "max_length": f"This password is very long. Use at most {LONGEST_PASSWORD} characters.",
        },
        **options,
    )


def check_new_password(form: forms.Form, field: str, user: User) -> None:
    """Puts what is wrong with a new password beside its field."""
    password = form.cleaned_data.get(field)
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            form.add_error(field, error)


def summary_of(*forms_shown: forms.Form) -> dict[str, Any] | None:
    """The banner above a refused form: general sentences, and a link to each field that is wrong. None when all is well."""
    sentences: list[str] = []
    links: list[tuple[str, str]] = []
    for form in forms_shown:
        sentences += [str(error) for error in form.non_field_errors()] if form.is_bound else []
        for name in form.errors if form.is_bound else ():
            if name in form.fields:
                links.append(
                    (f"#{form[name].id_for_label or form[name].auto_id}", f"{form[name].label}: {form.errors[name][0]}")
                )
    if not sentences and not links:
        return None
    count = len(links)
    title = " ".join(sentences) or (
        "One field needs another look." if count == 1 else f"{count} fields need another look."
    )
    return {"kind": "bad", "title": title, "text": "", "links": links}
