"""At your providers: what a team's accounts have already, to be looked through, imported once, and kept in order there."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from studio.engine import bells, connections, reach, their_files, their_kits
from studio.engine import theirs as engine
from studio.engine.theirs import SHELVES, Brought, Shelf, Trouble
from studio.media import samples
from studio.models import CatalogueItem, Connection, ConnectionState
from studio.providers import get_remote

from .access import MemberRequest, creator, manager
from .answers import tell
from .filters import as_uuid
from .theirs_cards import OF_FILE, THUMB_SALT, Page, accounts, file_card, file_page, is_live, item_card, listed

_LONGEST_TEXT = 200


@require_safe
@creator
def theirs(request: MemberRequest) -> HttpResponseBase:
    """Every account with its shelves, from what was listed last: nobody is asked here."""
    found = accounts(connections.of_team(request.membership.team_id))
    return render(request, "theirs/theirs.html", {"accounts": found})


@require_safe
@creator
def theirs_shelf(request: MemberRequest, provider: str, kind: str) -> HttpResponseBase:
    """One shelf. `?q=`: narrowed or searched; `?after=`, `?cursor=`: the next page."""
    connection, shelf = _place(request, provider, kind)
    words = " ".join(request.GET.get("q", "").replace("\x00", " ")[:_LONGEST_TEXT].split())
    after, cursor = as_uuid(request.GET.get("after")), request.GET.get("cursor", "")[:2000]
    page, trouble = Page([]), ""
    try:
        page = _files(request, connection, words, cursor) if is_live(provider, kind) else Page([])
    except Trouble as problem:
        trouble = str(problem)
    if not is_live(provider, kind):
        page = listed(request, connection, shelf, words, after)
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    further = bool(after or cursor)
    context = {
        "connection": connection,
        "service": get_remote(provider).title,
        "shelf": shelf,
        "live": is_live(provider, kind),
        "page": page,
        "trouble": trouble,
        "q": words,
        "further": further,
        "brands": _brands(request) if kind == "brand_kit" else [],
    }
    template = "theirs/shelf.html"
    if partial:
        template = "theirs/_more.html" if further else "theirs/_results.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_POST
@creator
def theirs_import(request: MemberRequest, provider: str, kind: str) -> HttpResponseBase:
    """Into this workspace's library: once. Scripts get what then stands in the card's foot."""
    connection, shelf = _place(request, provider, kind)
    remote_id = request.POST.get("id", "")
    try:
        if is_live(provider, kind):
            brought = their_files.bring(request.membership, request.workspace, connection, remote_id)
        else:
            brought = engine.bring(
                request.membership, request.workspace, connection, _item(connection, shelf, remote_id)
            )
    except Trouble as problem:
        return _refused(request, provider, kind, str(problem))
    text = " ".join((_said(brought), *brought.notes))
    if not request.htmx:
        messages.success(request, text)
        return _back(request, provider, kind)
    context = {"here": brought.here, "shelf": shelf, "title": brought.here.name, "fresh": True}
    return tell(render(request, "theirs/_here.html", context), text)


def _said(brought: Brought) -> str:
    return (
        f"“{brought.here.name}” was in your library already."
        if brought.known
        else f"“{brought.here.name}” is in your library."
    )


@require_POST
@manager
def theirs_file(request: MemberRequest) -> HttpResponseBase:
    """Archives one of VideoGen's files (`do=archive`), or shows it to anybody or nobody any more (`do=show`, `do=hide`)."""
    connection, shelf = _place(request, their_files.PROVIDER, "file")
    remote_id, do = request.POST.get("id", ""), request.POST.get("do", "")
    if not remote_id or do not in ("archive", "show", "hide"):
        raise Http404
    try:
        if do == "archive":
            file, text = their_files.archive(connection, remote_id), "Archived at VideoGen. What you imported stays."
        else:
            file = their_files.set_public(connection, remote_id, do == "show")
            text = _shown_to(file)
    except Trouble as problem:
        return _refused(request, their_files.PROVIDER, "file", str(problem))
    if not request.htmx:
        messages.success(request, text)
        return _back(request, their_files.PROVIDER, "file")
    gone = do == "archive"
    here = engine.here(request.membership, connection, shelf, [remote_id]).get(remote_id)
    context = {
        "card": file_card(shelf, file, here),
        "archived": gone,
        "changed": True,
        "connection": connection,
        "shelf": shelf,
    }
    return tell(render(request, "theirs/_card.html", context), text)


def _shown_to(file: their_files.TheirFile) -> str:
    if not file.is_public:
        return "Nobody can open its public link any more."
    return (
        "Anybody with its link can see it now."
        if file.public_url
        else "It is public now. Its link follows in a moment."
    )


@require_POST
@creator
def theirs_link(request: MemberRequest, provider: str) -> HttpResponseBase:
    """Which brand kit there goes with a brand of ours; `do=unlink` takes that back."""
    connection, shelf = _place(request, provider, "brand_kit")
    kit, brand = _item(connection, shelf, request.POST.get("id", "")), as_uuid(request.POST.get("brand"))
    try:
        if brand is None:
            raise Trouble("Choose which of your brands this brand kit goes with.")
        if request.POST.get("do") == "unlink":
            name = their_kits.unlink_brand(request.membership, request.workspace, connection, brand)
            text = f"“{kit.title}” does not go along with {name} any more."
        else:
            name = their_kits.link_brand(request.membership, request.workspace, connection, kit, brand)
            text = f"“{kit.title}” goes along whenever something is made for {name} at {get_remote(provider).title}."
    except Trouble as problem:
        return _refused(request, provider, "brand_kit", str(problem))
    if not request.htmx:
        messages.success(request, text)
        return _back(request, provider, "brand_kit")
    linked = their_kits.linked_brands(request.membership, request.workspace, connection, [kit.remote_id])
    card = item_card(shelf, kit, None, linked.get(kit.remote_id, []))
    context = {"card": card, "changed": True, "connection": connection, "shelf": shelf, "brands": _brands(request)}
    return tell(render(request, "theirs/_card.html", context), text)


@require_POST
@creator
def theirs_refresh(request: MemberRequest, provider: str) -> HttpResponseBase:
    """Has the worker read the account's lists again."""
    connection = _connection(request, provider)
    if connection.state != ConnectionState.ACTIVE:
        messages.error(
            request,
            f"{get_remote(provider).title} is not in use. An owner or admin can look at it in Settings, Connections.",
        )
    else:
        bells.ring_connection(connection.pk)
        messages.success(request, f"{get_remote(provider).title} is being asked. What is new there shows in a moment.")
    return redirect("theirs")


@require_safe
@creator
def theirs_thumb(request: MemberRequest) -> HttpResponseBase:
    """The picture of a file that is listed live, fetched once through the address-checking client. 204 where it cannot be had."""
    try:
        told = signing.loads(request.GET.get("of", ""), salt=THUMB_SALT)
    except signing.BadSignature:
        raise Http404 from None
    sample = (
        _thumb_of_file(request, told) if told.startswith(OF_FILE) else samples.sample_of(told, "picture", lambda: told)
    )
    if sample is None:
        return HttpResponse(status=204, headers={"Cache-Control": f"private, max-age={samples.LOOK_AGAIN_SECONDS}"})
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(sample.data, content_type=sample.media_type, headers=headers)


def _thumb_of_file(request: MemberRequest, told: str) -> samples.Sample | None:
    """Its address is asked for, once: then the picture is kept."""
    connection, file_id = _connection(request, their_files.PROVIDER), told.removeprefix(OF_FILE)
    key = f"{connection.pk} {told}"
    return samples.sample_of(key, "picture", lambda: their_files.picture_of(connection, file_id))


# -- Parts ---------------------------------------------------------------------------------------------------------------------


def _connection(request: MemberRequest, provider: str) -> Connection:
    rows = Connection.objects.seen_by(request.membership).exclude(state=ConnectionState.REMOVED)
    found = rows.filter(provider=provider).first()
    if found is None:
        raise Http404("Not connected.")
    return found


def _place(request: MemberRequest, provider: str, kind: str) -> tuple[Connection, Shelf]:
    if kind not in SHELVES or (kind == "file" and not is_live(provider, kind)):
        raise Http404("No such shelf.")
    return _connection(request, provider), SHELVES[kind]


def _item(connection: Connection, shelf: Shelf, remote_id: str) -> CatalogueItem:
    try:
        return engine.find_item(connection, shelf, remote_id)
    except CatalogueItem.DoesNotExist:
        raise Http404("It is not listed any more.") from None


def _files(request: MemberRequest, connection: Connection, words: str, cursor: str) -> Page:
    found = their_files.found(connection, words) if words else their_files.listed(connection, cursor)
    return file_page(request.membership, connection, found.files, words, found.next)


def _brands(request: MemberRequest) -> list[tuple[str, str]]:
    rows = reach.brands(request.membership, request.workspace.pk).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows[:200]]


def _refused(request: MemberRequest, provider: str, kind: str, sentence: str) -> HttpResponseBase:
    """Scripts keep the card as it is; nothing is swapped."""
    if not request.htmx:
        messages.error(request, sentence)
        return _back(request, provider, kind)
    return tell(HttpResponse(status=204), sentence, bad=True)


def _back(request: MemberRequest, provider: str, kind: str) -> HttpResponseBase:
    return redirect("theirs_shelf", provider, kind)


_at = "at-your-providers/"
urlpatterns: list[URLPattern] = [
    path(_at, theirs, name="theirs"),
    path(f"{_at}thumb/", theirs_thumb, name="theirs_thumb"),
    path(f"{_at}videogen/file/change/", theirs_file, name="theirs_file"),
    path(f"{_at}<slug:provider>/refresh/", theirs_refresh, name="theirs_refresh"),
    path(f"{_at}<slug:provider>/brand_kit/link/", theirs_link, name="theirs_link"),
    path(f"{_at}<slug:provider>/<slug:kind>/", theirs_shelf, name="theirs_shelf"),
    path(f"{_at}<slug:provider>/<slug:kind>/import/", theirs_import, name="theirs_import"),
]
