"""The forms of a brand that is read from a web page: the address, and the draft with a tick for each part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import QueryDict

from studio.media.web_brand import MOST_LOGOS, MOST_MARKS, MOST_PHOTOS, Found
from studio.media.web_page import MOST_PRODUCTS

from .brand_fields import link_field, printable


class AddressForm(forms.Form):
    address = link_field("Address of the page")

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["address"]
        field.required = True
        field.widget.attrs |= {"class": "input lg", "placeholder": "halden.example", "autofocus": True}
        field.error_messages["required"] = "Paste the address of a page, such as https://example.com."

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not address:
            raise forms.ValidationError("Paste the address of a page, such as https://example.com.")
        return address


@dataclass(frozen=True, slots=True)
class DraftProduct:
    """number: its place in the form, for the names of its inputs."""

    number: int
    name: str
    price: str = ""
    link: str = ""
    facts: str = ""
    photo: str = ""
    takes: bool = True
    takes_photo: bool = True


class DraftForm:
    """What was read and what of it is ticked, from a page or as it was sent. Everything sent is bounded and cleaned like typed text."""

    def __init__(self, data: QueryDict) -> None:
        self.parts = set(data.getlist("take"))
        self.logos = [it for it in map(_link, data.getlist("logo_of")[:MOST_LOGOS]) if it]
        self.marks = [it for it in map(_link, data.getlist("mark_of")[:MOST_MARKS]) if it]
        self.logo, self.mark = _link(data.get("logo", "")), _link(data.get("mark", ""))
        self.products = [self._product(data, number) for number in range(MOST_PRODUCTS) if f"p{number}-name" in data]

    @classmethod
    def of(cls, found: Found) -> DraftForm:
        form = cls(QueryDict())
        form.parts = {"colours"} if found.colours else set()
        form.logos, form.marks = [it.address for it in found.logos], [it.address for it in found.marks]
        form.logo, form.mark = next(iter(form.logos), ""), next(iter(form.marks), "")
        form.products = [
            DraftProduct(
                number,
                product["name"],
                product["price"],
                product["link"],
                product["facts"],
                product["photo"] if product["photo"] in found.photos else "",
            )
            for number, product in enumerate(found.products)
        ]
        return form

    @staticmethod
    def _product(data: QueryDict, number: int) -> DraftProduct:
        def said(name: str, most: int) -> str:
            return printable(data.get(f"p{number}-{name}", ""))[:most]

        return DraftProduct(
            number,
            said("name", 80),
            said("price", 40),
            _link(data.get(f"p{number}-link", "")),
            said("facts", 1000),
            _link(data.get(f"p{number}-photo", "")),
            f"p{number}" in data.getlist("take"),
            f"p{number}-photo" in data.getlist("take"),
        )

    def takes(self, part: str) -> bool:
        return part in self.parts

    @property
    def takes_colours(self) -> bool:
        return self.takes("colours")

    def confirmed_products(self) -> list[DraftProduct]:
        return [product for product in self.products if product.takes and product.name]

    def confirmed_pictures(self, brand: str) -> dict[str, str]:
        """Each address once and how its file is called in the library, where one searches by name; at most as many as a page gives."""
        photos = [(it.photo, it.name) for it in self.confirmed_products() if it.takes_photo and it.photo]
        named = [*photos[:MOST_PHOTOS], (self.mark, f"{brand} mark"), (self.logo, f"{brand} logo")]
        return {address: name for address, name in reversed(named) if address}

    def pictures(self) -> list[str]:
        return [*self.logos, *self.marks, *(product.photo for product in self.products if product.photo)]


def _link(text: str) -> str:
    """An address as it was read, or empty; whether it may be dialled is decided where it is dialled."""
    text = text.strip()[:2000]
    try:
        return text if urlsplit(text).scheme in ("http", "https") else ""
    except ValueError:
        return ""
