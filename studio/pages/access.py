"""Who may see a page. Every view starts with one of these decorators, every query with `request.membership`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from studio.models import Membership, User, Workspace

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of a signed-in person, who may be in no team at all."""

    user: User
    htmx: HtmxDetails


class MemberRequest(UserRequest):
    """A request of a signed-in person with a membership and a workspace."""

    membership: Membership
    workspace: Workspace


AnyView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
UserView = Callable[Concatenate[UserRequest, P], HttpResponseBase]
View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]


def current_membership(user: User) -> Membership | None:
    """The membership that the person works in now; the oldest one where none was chosen or the chosen one is gone."""
    memberships = Membership.objects.select_related("team", "current_workspace").filter(user=user)
    if user.current_membership_id:
        chosen = memberships.filter(pk=user.current_membership_id).first()
        if chosen:
            return chosen
    return memberships.order_by("id").first()


def current_workspace(membership: Membership) -> Workspace | None:
    """The workspace on the person's screen. Checked at each request, since access can be taken away."""
    chosen = membership.current_workspace
    if chosen and chosen.archived_at is None:
        if chosen.team_id == membership.team_id and (membership.all_workspaces or membership.may_manage):
            return chosen
        if membership.workspaces().filter(pk=chosen.pk).exists():
            return chosen
    return membership.workspaces().order_by("id").first()


def signed_in(view: UserView[P]) -> AnyView[P]:
    """Any person with an account. For the few pages that need no team."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(cast(UserRequest, request), *args, **kwargs)
        htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined]
        if htmx:
            return HttpResponseClientRedirect(redirect_to_login(htmx.current_url_abs_path or "/").url)
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")

    return cast(AnyView[P], wrapped)


def member(view: View[P]) -> AnyView[P]:
    """Any role. Sets `request.membership` and `request.workspace`."""

    @wraps(view)
    def wrapped(request: UserRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        membership = current_membership(request.user)
        workspace = current_workspace(membership) if membership else None
        if membership is None or workspace is None:
            return HttpResponseClientRedirect("/no-workspace/") if request.htmx else redirect("no_workspace")
        own = cast(MemberRequest, request)
        own.membership, own.workspace = membership, workspace
        return view(own, *args, **kwargs)

    return signed_in(cast(UserView[P], wrapped))


def _with_right(right: str, sentence: str) -> Callable[[View[P]], AnyView[P]]:
    def decorator(view: View[P]) -> AnyView[P]:
        @wraps(view)
        def wrapped(request: MemberRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not getattr(request.membership, right):
                raise PermissionDenied(sentence)
            return view(request, *args, **kwargs)

        return member(cast(View[P], wrapped))

    return decorator


creator = _with_right(
    "may_create",
    "Your role is Reviewer: you can look, decide and comment. Ask an admin of your team to make you a creator.",
)
"""Owner, admin, creator: library and generating."""

manager = _with_right("may_manage", "Only owners and admins can change this. Ask one of them.")
"""Owner and admin: people, connections, settings."""
