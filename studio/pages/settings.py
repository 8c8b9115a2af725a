"""The settings' front door, and the team's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from .access import MemberRequest, manager, member
from .forms import summary_of
from .settings_forms import TeamForm


@require_safe
@member
def settings(request: MemberRequest) -> HttpResponse:
    return redirect("profile")


@require_http_methods(["GET", "HEAD", "POST"])
@manager
def team(request: MemberRequest) -> HttpResponse:
    own = request.membership.team
    form = TeamForm(request.POST or None, initial={"name": own.name})
    if request.method == "POST" and form.is_valid():
        own.name = form.cleaned_data["name"]
        own.save(update_fields=("name",))
        messages.success(request, "The team's name is saved.")
        return redirect("team")
    context = {"tab": "team", "form": form, "summary": summary_of(form)}
    return render(request, "settings/team.html", context, status=422 if form.is_bound else 200)


urlpatterns = [
    path("settings/", settings, name="settings"),
    path("settings/team/", team, name="team"),
]
