"""The forms in front of the door: sign-in, welcome, reset, joining a team."""

from __future__ import annotations

from typing import Any

from django import forms

from studio.models import Membership, Role, User

from .forms import check_new_password, email_field, password_field, text_field

TAKEN = "This address already has an account. Sign in with it first, then open the link again."


class SignInForm(forms.Form):
    email = email_field(large=True)
    password = password_field(large=True)
    next = forms.CharField(required=False, widget=forms.HiddenInput)


class ResetRequestForm(forms.Form):
    email = email_field(large=True)


class NewPasswordForm(forms.Form):
    """A new password for a known person."""

    password = password_field("New password", "new-password", large=True, help_text="At least 10 characters.")

    def __init__(self, user: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.user = user

    def clean(self) -> None:
        check_new_password(self, "password", self.user)


class NewPersonForm(forms.Form):
    """Name, address and password of somebody who has no account yet."""

    name = text_field("Your name", "Type your name. Your team sees it beside what you do.", "name", large=True)
    email = email_field(large=True)
    password = password_field("Password", "new-password", large=True, help_text="At least 10 characters.")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(TAKEN)
        return email

    def clean(self) -> None:
        data = self.cleaned_data
        check_new_password(self, "password", User(name=data.get("name", ""), email=data.get("email", "")))

    def make_user(self) -> User:
        data = self.cleaned_data
        return User.objects.create_user(data["email"], data["name"], data["password"])


class JoinForm(NewPersonForm):
    """A new person who accepts an invitation; one that was made for an address is only for that address."""

    def __init__(self, invited: str, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"email": invited}, **options)
        self.fields["email"].disabled = bool(invited)


class FirstOwnerForm(NewPersonForm):
    team = text_field("Team", "Type a name for your team, such as your company's.", "organization", large=True)


class UnlockOwnerForm(forms.Form):
    """A new password for an owner who is locked out. Whoever holds a welcome link runs this server, so names may be said."""

    email = email_field(large=True)
    password = password_field("New password", "new-password", large=True, help_text="At least 10 characters.")
    owner: User | None = None

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        owner = Membership.objects.select_related("user").filter(role=Role.OWNER, user__email__iexact=email).first()
        if owner is None:
            raise forms.ValidationError("No owner has this address. Type the one that the owner signs in with.")
        self.owner = owner.user
        return email

    def clean(self) -> None:
        if self.owner is not None:
            check_new_password(self, "password", self.owner)
