"""The forms behind the settings tabs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from studio.models import Membership, Role, Team, User, Workspace

from .forms import check_new_password, email_field, password_field, text_field
from .rights import roles_to_give

MEANINGS = {
    Role.OWNER: "Everything, and who the owners are.",
    Role.ADMIN: "Also people, workspaces and settings.",
    Role.CREATOR: "Makes and uploads, in the library and the gallery.",
    Role.REVIEWER: "Looks, decides and comments. Never uploads or spends.",
}


class NameForm(forms.Form):
    name = text_field("Name", "Type your name. Your team sees it beside what you do.", "name")


class EmailForm(forms.Form):
    email = email_field(autocomplete="email")
    password = password_field("Current password")

    def __init__(self, user: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"email": user.email}, prefix="email", **options)
        self.user = user

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exclude(pk=self.user.pk).exists():
            raise forms.ValidationError("Another account has this address. Use a different one.")
        return email

    def clean_password(self) -> str:
        return _checked(self.cleaned_data["password"], self.user)


class PasswordForm(forms.Form):
    current = password_field("Current password")
    new = password_field("New password", "new-password", help_text="At least 10 characters.")

    def __init__(self, user: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, prefix="password", **options)
        self.user = user

    def clean_current(self) -> str:
        return _checked(self.cleaned_data["current"], self.user)

    def clean(self) -> None:
        check_new_password(self, "new", self.user)


def _checked(password: str, user: User) -> str:
    if not user.check_password(password):
        raise forms.ValidationError("This is not your current password. Type the one that you sign in with.")
    return password


class TeamForm(forms.Form):
    name = text_field("Team name", "Type a name for the team.", "organization")


class WorkspaceForm(forms.Form):
    """A new name for a workspace, or the name of a new one."""

    name = text_field("Name", "Type a name, such as a client or a campaign.")

    def __init__(self, team: Team, workspace: Workspace | None, data: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"name": workspace.name if workspace else ""}, **options)
        self.team, self.workspace = team, workspace

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        found = self.team.workspaces.filter(name__iexact=name).first()
        if found and found != self.workspace:
            archived = (
                " It is archived: restore it, or use another name." if found.archived_at else " Use another name."
            )
            raise forms.ValidationError(f"There is a workspace called {found.name} already.{archived}")
        return name


class RightsForm(forms.Form):
    """A role, and the workspaces it holds in."""

    role = forms.ChoiceField(
        label="Role",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a role.", "invalid_choice": "Choose one of the roles shown here."},
    )
    reach = forms.ChoiceField(
        label="Workspaces",
        choices=(("all", "All workspaces, later ones too"), ("some", "Only these")),
        widget=forms.RadioSelect,
        initial="all",
        error_messages={"required": "Choose all workspaces or some of them."},
    )
    workspaces = forms.ModelMultipleChoiceField(
        label="Only these workspaces",
        queryset=Workspace.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these workspaces is not in use any more. Load the page again."},
    )

    def __init__(self, actor: Membership, data: Any = None, person: Membership | None = None, **options: Any) -> None:
        initial: dict[str, Any] = {"role": Role.CREATOR}
        if person:
            reach = "all" if person.all_workspaces else "some"
            initial = {"role": person.role, "reach": reach, "workspaces": person.some_workspaces.all()}
        super().__init__(data, initial=initial, **options)
        self.actor = actor
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [(choice.value, choice.label) for choice in roles_to_give(actor)]
        workspaces = self.fields["workspaces"]
        assert isinstance(workspaces, forms.ModelMultipleChoiceField)
        workspaces.queryset = Workspace.objects.filter(team=actor.team_id, archived_at=None)

    def clean(self) -> None:
        data = self.cleaned_data
        limited = data.get("role") in (Role.CREATOR, Role.REVIEWER) and data.get("reach") == "some"
        if limited and not data.get("workspaces") and "workspaces" not in self.errors:
            self.add_error("workspaces", "Tick at least one workspace, or choose all of them.")

    @property
    def role_given(self) -> Role:
        return Role(self.cleaned_data["role"])

    @property
    def workspaces_given(self) -> Collection[Workspace] | None:
        """None: all of them. Owners and admins always have all."""
        if self.cleaned_data["reach"] == "all" or self.role_given in (Role.OWNER, Role.ADMIN):
            return None
        return list(self.cleaned_data["workspaces"])

    def roles_shown(self) -> list[tuple[Any, str]]:
        """Each role's radio button with what the role may do."""
        return [(radio, MEANINGS[Role(radio.data["value"])]) for radio in self["role"]]


class InvitationForm(RightsForm):
    email = email_field("Their email", autocomplete="off", required=False)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if email and Membership.objects.filter(team=self.actor.team_id, user__email__iexact=email).exists():
            raise forms.ValidationError(f"{email} is in the team already. Change the role in the list instead.")
        return email
