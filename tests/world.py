"""One of everything that has an address, in one workspace."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from studio.engine import links, secrets, webhooks
from studio.models import (
    Asset,
    Brand,
    CatalogueItem,
    Connection,
    Influencer,
    InfluencerPhoto,
    Invitation,
    LinkPurpose,
    Membership,
    Output,
    Product,
    ProductPhoto,
    Reference,
    Role,
    SignInLink,
    State,
    Team,
    User,
    Voice,
    Workspace,
)
from studio.models.account import RESET_BY_HAND_LASTS
from studio.pages.theirs_cards import THUMB_SALT
from tests.brand_rows import COLOURS
from tests.factories import make_asset, make_lost, make_output, make_reference, picture

NEW_PASSWORD = "seven quiet harbour lamps"


@dataclass(frozen=True)
class World:
    """`owner` has made it; `joiner` is the person of the team whom the people pages are about."""

    owner: User
    workspace: Workspace
    output: Output
    waiting: Output
    in_trash: Output
    lost: Output
    brand: Brand
    product: Product
    asset: Asset
    influencer: Influencer
    reference: Reference
    voice: Voice
    joiner: Membership
    invitation: Invitation
    connection: Connection
    tokens: dict[str, str]

    def address(self, row: str) -> str:
        """Where a row of the table leads: the name of its address, and after a colon what else it needs."""
        name, _, more = row.partition(":")
        others = {"output_cancel": self.waiting, "output_restore": self.in_trash, "output_check": self.lost}
        output = others.get(name, self.output)
        of_brand: dict[str, object] = {"brand_id": self.brand.pk}
        arguments: dict[str, dict[str, object]] = {
            "brand": of_brand,
            "brand_card": of_brand | {"card": more},
            "brand_products": of_brand,
            "product_new": of_brand,
            "font_specimen": {"key": "inter"},
            "spend_budget": {"provider": "videotok"},
            "spend_price": {"provider": "videotok"},
            "spend_correct": {"generation_id": self.output.generation_id},
            "create_field": {"slug": "static-ad", "place": "product_images"},
            "create_upload": {"slug": "static-ad", "place": "product_images"},
            "create_things": {"slug": "image", "place": "influencer"},
            "create_sample": {"item_id": self.asset.pk, "what": "picture"},
            "media": {"asset_id": self.asset.pk, "variant": more},
            "connect": {"provider": "videogen"},
            "hook": {"token": self.connection.webhook_token},
            "hook_done": {"generation": self.waiting.generation_id.hex, "proof": self.proof},
            "hook_here": {"nonce": "0" * 32},
            "person": {"pk": self.joiner.pk},
            "remove_person": {"pk": self.joiner.pk},
            "make_password_link": {"pk": self.joiner.pk},
            "revoke_invitation": {"pk": self.invitation.pk},
            "workspace": {"pk": self.workspace.pk},
            "archive_workspace": {"pk": self.workspace.pk},
            "restore_workspace": {"pk": self.workspace.pk},
        }
        if name == "used":
            return reverse(name, args=[more, self.thing(more)])
        if name == "relay":
            return links.path(self.waiting.generation_id, self.asset)
        if name in ("picker", "picker_items"):
            return f"{reverse(name)}?tool=static-ad&place=product_images&tab=library"
        if name == "influencer_photo_cards":
            return f"{reverse(name)}?photos={self.asset.pk}"
        if name == "theirs_thumb":
            return f"{reverse(name)}?{urlencode({'of': signing.dumps('', salt=THUMB_SALT)})}"
        if name in ("theirs_shelf", "theirs_import"):
            return reverse(name, args=["videogen", more])
        if name in ("theirs_refresh", "theirs_link"):
            return reverse(name, args=["videogen"])
        if name in arguments:
            return reverse(name, kwargs=arguments[name])
        if name.startswith("rescue_"):
            return reverse(name, args=[self.lost.generation_id])
        if name.startswith("connection_"):
            return reverse(name, args=[self.connection.pk])
        if name in self.tokens:
            return reverse(name, args=[self.tokens[name]])
        if name.startswith("create_"):
            return reverse(name, args=["static-ad"])
        if name == "influencer_card":
            return reverse(name, args=[self.influencer.pk, more])
        if name in ("influencer", "influencer_archive", "influencer_restore", "influencer_photos"):
            return reverse(name, args=[self.influencer.pk])
        if name == "reference" or (name.startswith("reference_") and name != "reference_save"):
            return reverse(name, args=[self.reference.pk])
        if name == "voice" or (
            name.startswith("voice_") and name not in ("voice_new", "voice_recording", "voice_keep")
        ):
            return reverse(name, args=[self.voice.pk])
        if name.startswith("product"):
            return reverse(name, args=[self.brand.pk, self.product.pk])
        if name == "brand_specimen":
            return reverse(name, args=[self.brand.pk, "upload-0"])
        if name.startswith("brand_") and name not in ("brand_new", "brand_read_web"):
            return reverse(name, args=[self.brand.pk])
        return reverse(name, args=[output.pk] if name.startswith("output_") or name == "output" else [])

    def thing(self, kind: str) -> object:
        """The id of a thing of the library by its kind."""
        return {
            "brand": self.brand.pk,
            "influencer": self.influencer.pk,
            "reference": self.reference.pk,
            "voice": self.voice.pk,
        }[kind]

    @property
    def proof(self) -> str:
        """The last part of the address where an unsigned bell rings for `waiting`."""
        team = Team(public_url="https://studio.example.com")
        return webhooks.webhook_url(self.waiting.generation_id, team).rstrip("/").rpartition("/")[2]

    def form(self, row: str, password: str) -> dict[str, object]:
        """What a person would send there."""
        ad: dict[str, object] = {
            "nonce": uuid4().hex,
            "template": "split",
            "prompt": "Cold brew in a can.",
            "aspect_ratio": ["4:5"],
            "resolution": "1K",
            "count": "1",
        }
        ticked: dict[str, object] = {"output": [str(self.output.pk)]}
        rights: dict[str, object] = {"role": Role.REVIEWER, "reach": "all"}
        forms: dict[str, dict[str, object]] = {
            "create_tool": ad,
            "create_preview": ad,
            "create_fields": ad,
            "create_field": ad,
            "create_upload": {"file": SimpleUploadedFile("green.png", picture(colour="#205030"), "image/png")},
            "outputs_zip": ticked,
            "outputs_decide": ticked | {"verdict": "approved"},
            "outputs_star": ticked | {"starred": "1"},
            "outputs_trash": ticked,
            "outputs_restore": {"output": [str(self.in_trash.pk)]},
            "output_decide": {"verdict": "changes", "note": "Larger logo, please."},
            "output_star": {"starred": "1"},
            "influencer_new": {"name": "Ada", "consent": "on", "photos": [str(self.asset.pk)], "do": "save"},
            "influencer_photo": {"file": SimpleUploadedFile("red.png", picture(colour="#702030"), "image/png")},
            "influencer_check": {"photos": [str(self.asset.pk)]},
            "influencer_import": {"item": str(self.connection.items.get(kind="influencer").pk)},
            "influencer_photos": {"photos": [str(self.asset.pk)]},
            "influencer_card:about": {"name": "Ada Rivers"},
            "influencer_card:voice": {"voice": str(self.voice.pk)},
            "influencer_card:consent": {"consent": "on"},
            "theirs_import:voice": {"id": "voice-there"},
            "voice_keep": {"item": str(self.connection.items.get(kind="voice", remote_id="voice-there").pk)},
            "voice_facts": {"name": "Narrator", "language": "de"},
            "voice_star": {"favourite": "1"},
            "voice_say": {"nonce": uuid4().hex, "line": "Good morning."},
            "theirs_import:file": {"id": "file-there"},
            "theirs_link": {"id": "kit-there", "brand": str(self.brand.pk)},
            "theirs_file": {"id": "file-there", "do": "hide"},
            "brand_new": {**COLOURS, "name": "Novel"},
            "brand_card:about": {"name": "Halden"},
            "brand_card:logo": {"do": "remove:logo"},
            "brand_card:tone": {"tone": "Calm."},
            "brand_card:colours": {**COLOURS},
            "brand_card:fonts": {"heading_font": "inter", "body_font": "inter"},
            "brand_card:claims": {"claims": "Vegan"},
            "brand_card:delivery": {"file_name_template": "{title}"},
            "brand_read_web": {"do": "make", "name": "Novel"},
            "product_new": {"name": "Serum"},
            "product": {"name": "Cream"},
            "product_move": {"step": "1"},
            "reference_save": {"file": SimpleUploadedFile("red.png", picture(colour="#a03020"), "image/png")},
            "references_bulk": {"reference": [str(self.reference.pk)], "do": "archive"},
            "reference_edit": {"label": "Novel", "notes": "", "source": ""},
            "reference_share": {"do": "ask"},
            "reference_decide": {"do": "yes"},
            "asset_upload": {"file": SimpleUploadedFile("blue.png", picture(colour="#203050"), "image/png")},
            "picker_bring": {"tool": "static-ad", "place": "product_images", "at": "videogen", "id": "file-there"},
            "asset_link": {"tool": "static-ad", "place": "product_images", "url": "https://127.0.0.1/a.png"},
            "team": {"name": "Northbeam & Sons"},
            "change_name": {"name": "Elina"},
            "change_email": {"email-email": "new@example.com", "email-password": password},
            "change_password": {"password-current": password, "password-new": NEW_PASSWORD},
            "change_theme": {"theme": "dark"},
            "change_keys": {"single_keys": "on"},
            "people": rights | {"email": "friend@example.com"},
            "person": rights,
            "workspaces": {"name": "Novel"},
            "workspace": {"name": "Renamed"},
            "switch_workspace": {"workspace": str(self.workspace.pk)},
            "switch_team": {"membership": str(self.owner.memberships.get().pk)},
            "sign_in": {"email": self.owner.email, "password": password},
            "password_reset": {"email": self.owner.email},
            "reset": {"password": NEW_PASSWORD},
            "welcome": {"email": self.owner.email, "password": NEW_PASSWORD},
            "invitation": {"name": "Nils", "email": "nils@example.com", "password": NEW_PASSWORD},
        }
        return forms.get(row, {})


def make_world(workspace: Workspace, owner: User) -> World:
    team = workspace.team
    brand = Brand.objects.create(team=team, workspace=workspace, name=f"Brand of {workspace}", **COLOURS)
    product = Product.objects.create(brand=brand, name="Serum")
    asset = make_asset(workspace)
    ProductPhoto.objects.create(product=product, asset=asset)
    joiner = User.objects.create_user(f"joiner-{workspace}@example.com".lower(), "Joiner")
    invitation, invited = Invitation.make(team, Role.CREATOR, owner, [workspace])
    connection = make_connection(team)
    for kind in ("voice", "brand_kit", "influencer"):
        row = {"connection": connection, "kind": kind, "remote_id": f"{kind.removeprefix('brand_')}-there"}
        CatalogueItem.objects.get_or_create(**row, defaults={"team": team, "title": "There", "seen_at": timezone.now()})
    influencer = Influencer.objects.create(team=team, workspace=workspace, name=f"Ada of {workspace}", face=asset)
    InfluencerPhoto.objects.create(influencer=influencer, asset=asset)
    return World(
        owner=owner,
        workspace=workspace,
        output=make_output(workspace, owner, asset=asset, brand=brand, title=f"Finished in {workspace}"),
        waiting=make_output(workspace, owner, state=State.QUEUED, title=f"Waiting in {workspace}"),
        in_trash=make_output(workspace, owner, asset=asset, title=f"Deleted in {workspace}", deleted_at=timezone.now()),
        lost=make_lost(workspace, connection, owner),
        brand=brand,
        product=product,
        asset=asset,
        influencer=influencer,
        reference=make_reference(workspace, asset),
        voice=Voice.objects.create(team=team, workspace=workspace, name=f"Voice of {workspace}"),
        joiner=Membership.objects.create(user=joiner, team=team, role=Role.CREATOR),
        invitation=invitation,
        connection=connection,
        tokens={
            "invitation": invited,
            "reset": SignInLink.make_reset(owner),
            "welcome": SignInLink.make(LinkPurpose.WELCOME, RESET_BY_HAND_LASTS),
        },
    )


def make_connection(team: Team) -> Connection:
    """The team's key for VideoGen. Its address is one that nothing is ever sent to."""
    made, _ = Connection.objects.get_or_create(
        team=team,
        provider="videogen",
        defaults={
            "key": secrets.conceal("sk_videogen_live_0123456789abcdef4f2a"),
            "last4": "4f2a",
            "base_url": "http://127.0.0.1:9",
            "webhook_token": f"hook-{team.pk.hex}",
            "webhook_secret": secrets.conceal("whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQh"),
            "test_passed": True,
        },
    )
    return made
