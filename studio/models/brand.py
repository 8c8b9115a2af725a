from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from .asset import Asset
from .ids import uuid7
from .owned import InTeam
from .team import Team, Workspace
from .user import User

is_hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}\Z", "A colour looks like #2350e0: a hash and six hexadecimal digits.")


class Brand(models.Model):
    """A brand kit. A workspace limits it to one client; none means that all of the team's workspaces see it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="brands")
    workspace = models.ForeignKey(Workspace, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    primary = models.CharField(max_length=7, default="#17171a", validators=[is_hex_colour])
    accent = models.CharField(max_length=7, default="#2350e0", validators=[is_hex_colour])
    dark = models.CharField(max_length=7, default="#17171a", validators=[is_hex_colour])
    light = models.CharField(max_length=7, default="#f7f4ef", validators=[is_hex_colour])
    heading_font = models.CharField(max_length=40, default="bricolage")
    body_font = models.CharField(max_length=40, default="inter")
    logo = models.ForeignKey(
        Asset, models.SET_NULL, null=True, blank=True, related_name="+", help_text="For light grounds."
    )
    logo_dark = models.ForeignKey(
        Asset, models.SET_NULL, null=True, blank=True, related_name="+", help_text="For dark grounds."
    )
    logo_mark = models.ForeignKey(
        Asset, models.SET_NULL, null=True, blank=True, related_name="+", help_text="The sign alone, without the name."
    )
    heading_font_file = models.ForeignKey(Asset, models.SET_NULL, null=True, blank=True, related_name="+")
    body_font_file = models.ForeignKey(Asset, models.SET_NULL, null=True, blank=True, related_name="+")
    more_colours = models.JSONField(
        default=list, blank=True, help_text='Beside the four roles: [{"hex": …, "name": …}, …].'
    )
    tone = models.CharField(max_length=300, blank=True)
    say = models.JSONField(default=list, blank=True, help_text="Words and phrases to use.")
    never_say = models.JSONField(default=list, blank=True, help_text="Words and phrases that must not appear.")
    claims = models.JSONField(default=list, blank=True, help_text="What may be claimed, as sentences.")
    legal_line = models.CharField(max_length=300, blank=True)
    website = models.CharField(max_length=500, blank=True)
    default_ratios = models.JSONField(default=list, blank=True)
    file_name_template = models.CharField(max_length=120, blank=True)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = InTeam["Brand"].as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                "team", Lower("name"), condition=models.Q(archived_at=None), name="brand_name_unique"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def colours(self) -> tuple[str, str, str, str]:
        return (self.primary, self.accent, self.dark, self.light)


class Product(models.Model):
    """Something the brand sells, with its photos in order; the first is the one used unless another is picked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey(Brand, models.CASCADE, related_name="products")
    name = models.CharField(max_length=80)
    link = models.CharField(max_length=500, blank=True)
    price = models.CharField(max_length=40, blank=True, help_text="As it is printed: “€ 3.20”.")
    facts = models.CharField(max_length=1000, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class ProductPhoto(models.Model):
    product = models.ForeignKey(Product, models.CASCADE, related_name="photos")
    asset = models.ForeignKey(Asset, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
