"""Who owns things: teams, their workspaces, and the people in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from .account import hash_token
from .ids import uuid7
from .user import User

INVITATION_LASTS = timedelta(days=14)


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    public_url = models.CharField(
        max_length=300,
        blank=True,
        help_text="Where services on the internet reach this installation, once it was tried.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Workspace(models.Model):
    """A client or a campaign: outputs and briefs live in exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="workspaces")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints = (models.UniqueConstraint("team", Lower("name"), name="workspace_name_unique"),)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Owner: all. Admin: people, connections, settings. Creator: library and generating. Reviewer: look, decide, comment; never upload or spend."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    CREATOR = "creator", "Creator"
    REVIEWER = "reviewer", "Reviewer"


class Membership(models.Model):
    """A person in a team, with one role, in all of its workspaces or in some.

    Every query of a page or an API starts here: `Output.objects.seen_by(membership)`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)
    all_workspaces = models.BooleanField(default=True)
    some_workspaces = models.ManyToManyField(Workspace, blank=True, related_name="+")
    current_workspace = models.ForeignKey(Workspace, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "team"), name="membership_unique"),)

    def __str__(self) -> str:
        return f"{self.user} in {self.team} as {self.role}"

    @property
    def may_manage(self) -> bool:
        """People, connections, settings."""
        return self.role in (Role.OWNER, Role.ADMIN)

    @property
    def may_create(self) -> bool:
        """Library and generating: uploads, brands, briefs, trash."""
        return self.role in (Role.OWNER, Role.ADMIN, Role.CREATOR)

    def workspaces(self) -> models.QuerySet[Workspace]:
        """The workspaces that this person may enter."""
        if self.all_workspaces or self.may_manage:
            return Workspace.objects.filter(team=self.team_id, archived_at=None)
        return self.some_workspaces.filter(team=self.team_id, archived_at=None)


class Invitation(models.Model):
    """An invitation by link. The link holds a token; only its hash is stored, so it is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254, blank=True)
    role = models.CharField(max_length=8, choices=Role)
    all_workspaces = models.BooleanField(default=True)
    some_workspaces = models.ManyToManyField(Workspace, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    @classmethod
    def make(
        cls, team: Team, role: Role, made_by: User, workspaces: Iterable[Workspace] | None = None, email: str = ""
    ) -> tuple[Invitation, str]:
        """Stores a new invitation and returns it with its token, which is not kept. `workspaces` None: all of the team's."""
        token = secrets.token_urlsafe(24)
        invitation = cls.objects.create(
            team=team,
            role=role,
            made_by=made_by,
            email=email,
            all_workspaces=workspaces is None,
            token_hash=hash_token(token),
            expires_at=timezone.now() + INVITATION_LASTS,
        )
        invitation.some_workspaces.set(workspaces or ())
        return invitation, token

    @classmethod
    def open_ones(cls) -> models.QuerySet[Invitation]:
        return cls.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    @classmethod
    def find(cls, token: str) -> Invitation | None:
        """The invitation if it still works, else None."""
        return cls.open_ones().select_related("team", "made_by").filter(token_hash=hash_token(token)).first()

    def accept(self, user: User) -> Membership | None:
        """Makes `user` a member, inside the caller's transaction. None if the invitation was accepted or revoked meanwhile."""
        if not type(self).open_ones().filter(pk=self.pk).update(accepted_at=timezone.now()):
            return None
        membership = Membership.objects.create(
            user=user, team_id=self.team_id, role=self.role, all_workspaces=self.all_workspaces
        )
        membership.some_workspaces.set(self.some_workspaces.all())
        user.current_membership = membership
        user.save(update_fields=("current_membership",))
        return membership
