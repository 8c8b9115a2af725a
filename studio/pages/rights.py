"""Changes of who may do what. Each is one transaction under a lock on the team, and closes the live streams it concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from studio.live import outbox
from studio.models import Invitation, Membership, Role, SignInLink, Team, User, Workspace


class Refused(Exception):
    """The team's rules forbid the change. The text is the sentence for the person who tried."""


def close_streams(user: User, team_id: UUID | None = None) -> None:
    """Ends the open pages' streams of a person, in one team or in all of theirs. Call it inside the transaction of the change."""
    teams = [team_id] if team_id else list(user.memberships.values_list("team_id", flat=True))
    for team in teams:
        outbox.append("access", user.pk, team_id=team, user_id=user.pk)


@contextmanager
def managing(membership: Membership) -> Iterator[Membership]:
    """A transaction in which nobody else changes this team's people or workspaces.

    Yields the membership as it is now: whoever lost the right since the page was opened is refused.
    """
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=membership.team_id)
        actor = Membership.objects.select_related("user").filter(pk=membership.pk).first()
        if actor is None or not actor.may_manage:
            raise PermissionDenied("Only owners and admins can change this. Ask one of them.")
        yield actor


def person_of(actor: Membership, membership_id: UUID) -> Membership:
    """A membership of the actor's team; 404 for any other."""
    found = Membership.objects.select_related("user", "team").filter(pk=membership_id, team=actor.team_id).first()
    if found is None:
        raise Http404
    return found


def roles_to_give(actor: Membership) -> list[Role]:
    """Nobody gives more than they have: only an owner makes owners."""
    return [role for role in Role if role != Role.OWNER or actor.role == Role.OWNER]


def change(membership: Membership, person_id: UUID, role: Role, workspaces: Collection[Workspace] | None) -> Membership:
    """Gives a person of the team another role or other workspaces (None: all of them). Raises Refused."""
    with managing(membership) as actor:
        person = person_of(actor, person_id)
        if role not in roles_to_give(actor) or (person.role == Role.OWNER and actor.role != Role.OWNER):
            raise Refused("Only an owner can make or change owners. Ask an owner of the team.")
        if person.role == Role.OWNER and role != Role.OWNER:
            _raise_for_last_owner(person)
        person.role = role
        person.all_workspaces = workspaces is None or person.may_manage
        person.save(update_fields=("role", "all_workspaces"))
        person.some_workspaces.set(() if person.all_workspaces else workspaces or ())
        if not person.may_manage:
            _end_links_made_by(person)
        close_streams(person.user, person.team_id)
    return person


def remove(membership: Membership, person_id: UUID) -> Membership:
    """Takes a person out of the team. What they made stays. Raises Refused."""
    with managing(membership) as actor:
        person = person_of(actor, person_id)
        if person.role == Role.OWNER and actor.role != Role.OWNER:
            raise Refused("Only an owner can remove an owner. Ask an owner of the team.")
        _remove(person)
    return person


def leave(membership: Membership) -> None:
    """Takes oneself out of the team. Raises Refused for the last owner."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=membership.team_id)
        person = Membership.objects.select_related("user").filter(pk=membership.pk).first()
        if person is not None:
            _remove(person)


def make_reset_link(membership: Membership, person_id: UUID) -> str:
    """The token of a link that sets a new password for a person of the team. Raises Refused.

    Such a link is the person's whole account, so it is made only by somebody who could take over nothing new with it: an admin of
    every team that the person is in, and an owner where the person is one.
    """
    with managing(membership) as actor:
        person = person_of(actor, person_id)
        own = {own.team_id: own for own in actor.user.memberships.all()}
        for theirs in person.user.memberships.all():
            mine = own.get(theirs.team_id)
            if mine is None or not mine.may_manage:
                raise Refused(
                    f"{person.user} is in another team too, so this team cannot set the password. They can reset it by email,"
                    " or ask the person who runs this server."
                )
            if theirs.role == Role.OWNER and mine.role != Role.OWNER:
                raise Refused("Only an owner can make a password link for an owner. Ask an owner of the team.")
        return SignInLink.make_reset(person.user, made_by=actor.user)


def archive_workspace(membership: Membership, workspace_id: UUID) -> Workspace:
    """Puts a workspace away; its outputs stay as they are. Raises Refused for the last one in use."""
    with managing(membership) as actor:
        workspace = workspace_of(actor, workspace_id)
        if not Workspace.objects.filter(team=actor.team_id, archived_at=None).exclude(pk=workspace.pk).exists():
            raise Refused(f"{workspace} is the only workspace in use, so it stays. Make another one first.")
        if workspace.archived_at is None:
            workspace.archived_at = timezone.now()
            workspace.save(update_fields=("archived_at",))
            for person in Membership.objects.select_related("user").filter(team=actor.team_id):
                close_streams(person.user, person.team_id)
    return workspace


def workspace_of(actor: Membership, workspace_id: UUID) -> Workspace:
    """A workspace of the actor's team, archived or not; 404 for any other."""
    found = Workspace.objects.filter(pk=workspace_id, team=actor.team_id).first()
    if found is None:
        raise Http404
    return found


def _remove(person: Membership) -> None:
    if person.role == Role.OWNER:
        _raise_for_last_owner(person)
    _end_links_made_by(person)
    close_streams(person.user, person.team_id)
    person.delete()


def _raise_for_last_owner(person: Membership) -> None:
    if not Membership.objects.filter(team=person.team_id, role=Role.OWNER).exclude(pk=person.pk).exists():
        raise Refused(f"{person.user} is the only owner, and a team needs one. Make somebody else an owner first.")


def _end_links_made_by(person: Membership) -> None:
    """Whoever may no longer manage has no invitations and no password links out either."""
    Invitation.open_ones().filter(team=person.team_id, made_by=person.user_id).update(revoked_at=timezone.now())
    SignInLink.objects.filter(made_by=person.user_id, used_at=None).update(used_at=timezone.now())
