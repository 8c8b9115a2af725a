"""Uploads and media: who may, what they get, and under which headers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from config.asgi import application
from studio.media.ingest import ingest_result
from studio.media.previews import make_previews
from studio.models import Asset, Membership, Role, User
from studio.models.ids import uuid7
from tests.media import files
from tests.media.conftest import House, house, make_house, storage  # noqa: F401  (fixtures)

HTMX = {"HX-Request": "true"}


@pytest.fixture
def creator(house: House, client: Client) -> Client:  # noqa: F811
    client.force_login(house.membership.user)
    return client


def picture(name: str = "flask.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, files.jpeg() if data is None else data)


def upload(client: Client, *uploads: SimpleUploadedFile, headers: dict[str, str] | None = None, **fields: str) -> Any:
    return client.post(reverse("asset_upload"), {"file": list(uploads), **fields}, headers=HTMX | (headers or {}))


# -- Uploads ----------------------------------------------------------------------------------------------------------
def test_a_picture_becomes_a_card_with_its_hidden_input(creator: Client) -> None:
    answer = upload(creator, picture(), name="product_images")
    asset = Asset.objects.get()
    assert answer.status_code == 200
    html = answer.content.decode()
    assert f'<input type="hidden" name="product_images" value="{asset.pk}">' in html
    assert reverse("media", args=(asset.pk, "small")) in html


def test_the_input_has_no_name_of_the_sender_s_making(creator: Client) -> None:
    html = upload(creator, picture(), name='x"><script>').content.decode()
    assert "<script>" not in html
    assert 'name="product_images"' in html


def test_several_files_get_an_answer_each(creator: Client) -> None:
    answer = upload(creator, picture(), picture("text.png", b"only words"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<li ") == 2
    assert "text.png: This file is named .png but is plain text." in html


def test_a_refused_file_is_422_with_the_sentence(creator: Client) -> None:
    answer = upload(creator, picture("empty.jpg", b""))
    assert answer.status_code == 422
    assert json.loads(answer.content) == {"error": "This file is empty (0 bytes). Export or download it again."}


def test_no_file_at_all_is_422(creator: Client) -> None:
    assert upload(creator).json() == {"error": "No file was sent. Choose one and try again."}


def test_a_file_over_the_limit_is_413_and_leaves_nothing(
    creator: Client,
    settings: Settings,
    storage: Path,  # noqa: F811
) -> None:
    settings.MAX_UPLOAD_BYTES = 1 << 20
    answer = upload(creator, picture("big.jpg", files.jpeg() + bytes(2 << 20)))
    assert answer.status_code == 413
    assert answer.json() == {"error": "The most is 1 MB for a file: export it smaller."}
    assert not Asset.objects.exists()
    assert not storage.exists()


def test_one_file_over_the_limit_does_not_spoil_the_others(creator: Client, settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1 << 20
    answer = upload(creator, picture("big.jpg", bytes(2 << 20)), picture())
    assert answer.status_code == 200
    assert "big.jpg: The most is 1 MB" in answer.content.decode()
    assert Asset.objects.count() == 1


def test_a_drawing_is_kept_as_pixels(creator: Client) -> None:
    drawing = files.SVG.format('<script>alert(1)</script><circle r="20"/>').encode()
    assert upload(creator, picture("logo.svg", drawing)).status_code == 200
    assert Asset.objects.get().media_type == "image/png"


def test_a_plain_form_goes_back_with_a_message(creator: Client) -> None:
    answer = creator.post(
        reverse("asset_upload"), {"file": [picture(), picture("text.png", b"words")], "next": "/create/static-ad/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/create/static-ad/")
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert said[0] == "flask.jpg is in your library."
    assert said[1].startswith("text.png: This file is named .png but is plain text.")


def test_a_plain_form_is_not_sent_to_another_site(creator: Client) -> None:
    answer = creator.post(reverse("asset_upload"), {"file": picture(), "next": "https://evil.example/"})
    assert answer["Location"] == reverse("gallery")


def test_reviewers_and_strangers_may_not_upload(house: House, client: Client) -> None:  # noqa: F811
    assert upload(client, picture()).headers["HX-Redirect"].startswith(reverse("sign_in"))
    reviewer = User.objects.create_user(email="r@example.com", name="R")
    Membership.objects.create(user=reviewer, team=house.team, role=Role.REVIEWER)
    client.force_login(reviewer)
    assert upload(client, picture()).status_code == 403
    assert not Asset.objects.exists()


def test_an_upload_needs_its_token(house: House) -> None:  # noqa: F811
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.membership.user)
    assert upload(client, picture()).status_code == 403


# -- The fence before Django --------------------------------------------------------------------------------------------
def asked(headers: list[tuple[bytes, bytes]], messages: list[dict[str, Any]]) -> tuple[int, bytes, int]:
    """Status, body, and how many messages of the request were left unread."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/assets/",
        "raw_path": b"/assets/",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
        "scheme": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
    }
    async_to_sync(application)(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]), len(messages)


def pieces(count: int) -> list[dict[str, Any]]:
    return [{"type": "http.request", "body": bytes(1 << 20), "more_body": at + 1 < count} for at in range(count)]


def test_two_hundred_megabytes_are_refused_by_their_declared_length() -> None:
    declared = [(b"content-length", str(200 << 20).encode()), (b"hx-request", b"true")]
    status, body, unread = asked(declared, pieces(200))
    assert status == 413
    assert json.loads(body) == {"error": "This upload has 200 MB. The most is 50 MB for a file: export it smaller."}
    assert unread == 0


def test_a_body_of_undeclared_length_is_counted() -> None:
    status, body, unread = asked([(b"transfer-encoding", b"chunked")], pieces(120))
    assert status == 413
    assert b"The most is 50 MB for a file" in body
    assert unread == 0


# -- Media --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def asset(house: House, tmp_path: Path) -> Asset:  # noqa: F811
    path = tmp_path / "ad.jpg"
    path.write_bytes(files.jpeg())
    return ingest_result(team=house.team, workspace=house.workspace, path=path, original_name="Spring ad.jpg")


def url(asset: Asset, variant: str = "original") -> str:
    return reverse("media", args=(asset.pk, variant))


def test_a_member_gets_the_file_under_headers_that_run_nothing(creator: Client, asset: Asset) -> None:
    answer = creator.get(url(asset))
    assert answer.status_code == 200
    assert answer.content == files.jpeg()
    shown = {
        "Content-Type": "image/jpeg",
        "Content-Length": str(asset.size_bytes),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
        "ETag": f'"{asset.sha256[:32]}"',
        "Content-Disposition": 'inline; filename="Spring ad.jpg"',
    }
    assert {name: answer.get(name) for name in shown} == shown
    assert "Set-Cookie" not in answer


def test_to_outsiders_it_does_not_exist(asset: Asset, client: Client) -> None:
    client.force_login(make_house("Cedar").membership.user)
    assert client.get(url(asset)).status_code == 404
    assert client.get(reverse("media", args=(uuid7(), "original"))).status_code == 404


def test_a_member_of_another_workspace_does_not_see_it(house: House, asset: Asset, client: Client) -> None:  # noqa: F811
    Membership.objects.filter(pk=house.membership.pk).update(all_workspaces=False)
    client.force_login(house.membership.user)
    assert client.get(url(asset)).status_code == 404


def test_the_signed_out_are_asked_to_sign_in(asset: Asset, client: Client) -> None:
    assert client.get(url(asset))["Location"].startswith(reverse("sign_in"))


def test_an_unknown_variant_or_missing_cut_out_is_not_found(creator: Client, asset: Asset) -> None:
    assert creator.get(url(asset, "huge")).status_code == 404
    for variant in ("cutout", "sprite"):
        assert creator.get(url(asset, variant)).status_code == 404


def test_the_original_stands_in_until_the_preview_is_made(creator: Client, asset: Asset) -> None:
    early = creator.get(url(asset, "small"))
    assert (early["Content-Type"], early["Cache-Control"]) == ("image/jpeg", "private, max-age=5")
    make_previews(asset.pk, analyse=False)
    answer = creator.get(url(asset, "small"))
    assert (answer["Content-Type"], answer["ETag"]) == ("image/webp", f'"{asset.sha256[:32]}-small"')
    assert "immutable" in answer["Cache-Control"]


def test_it_costs_two_queries_beside_the_session(
    creator: Client, asset: Asset, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):  # session, user, membership, asset
        creator.get(url(asset))


@pytest.mark.parametrize(
    ("asked_for", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=100-", 206, slice(100, None)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=5-999999999", 206, slice(5, None)),
        ("bytes=9-5", 200, slice(None)),
        ("bytes=-", 200, slice(None)),
        ("bytes=0-1,4-5", 200, slice(None)),
        ("lines=1-2", 200, slice(None)),
    ],
)
def test_ranges(creator: Client, asset: Asset, asked_for: str, status: int, part: slice) -> None:
    answer = creator.get(url(asset), headers={"Range": asked_for})
    data = files.jpeg()
    assert (answer.status_code, answer.content) == (status, data[part])
    assert int(answer["Content-Length"]) == len(data[part])
    if status == 206:
        first = range(len(data))[part][0]
        last = range(len(data))[part][-1]
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(data)}"


@pytest.mark.parametrize("asked_for", ["bytes=999999999-", "bytes=-0"])
def test_a_range_outside_is_416(creator: Client, asset: Asset, asked_for: str) -> None:
    answer = creator.get(url(asset), headers={"Range": asked_for})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{asset.size_bytes}")


def test_a_range_of_a_changed_file_is_not_given(creator: Client, asset: Asset) -> None:
    etag = creator.get(url(asset))["ETag"]
    part = {"Range": "bytes=0-9"}
    assert creator.get(url(asset), headers=part | {"If-Range": etag}).status_code == 206
    assert creator.get(url(asset), headers=part | {"If-Range": '"other"'}).status_code == 200


def test_what_the_browser_has_is_304(creator: Client, asset: Asset) -> None:
    first = creator.get(url(asset))
    again = creator.get(url(asset), headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == first["Cache-Control"]
    assert creator.get(url(asset), headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    assert creator.get(url(asset), headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_says_the_length_and_sends_nothing(creator: Client, asset: Asset) -> None:
    answer = creator.head(url(asset))
    assert (answer["Content-Length"], answer.content) == (str(asset.size_bytes), b"")


def test_svg_html_and_unknown_types_leave_as_attachments(creator: Client, house: House, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "x.svg"
    path.write_text(files.SVG.format("<script/>"))
    drawing = ingest_result(team=house.team, workspace=house.workspace, path=path, original_name='a";b\n.svg')
    answer = creator.get(url(drawing))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="a\\";b.svg"'


def test_a_file_that_is_gone_is_not_found(creator: Client, asset: Asset) -> None:
    asset.file.storage.delete(str(asset.file.name))
    assert creator.get(url(asset)).status_code == 404


def test_a_large_file_comes_in_pieces(house: House, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "large.mp4"
    path.write_bytes(b"\0\0\0\x18ftypisom" + bytes(3 << 20))
    video = ingest_result(team=house.team, workspace=house.workspace, path=path)

    async def sizes() -> list[int]:
        client = AsyncClient()
        await client.aforce_login(house.membership.user)
        answer: Any = await client.get(url(video), headers={"Range": "bytes=0-1048575"})
        assert answer.status_code == 206
        assert re.match(r"bytes 0-1048575/", answer["Content-Range"])
        return [len(piece) async for piece in answer]

    assert async_to_sync(sizes)() == [1 << 18] * 4
