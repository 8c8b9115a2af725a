"""The products of a brand: a name, photos in order, and an order among themselves."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponseBase, QueryDict
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from studio.media.uploads import refused_uploads
from studio.models import Asset, Brand, Product, ProductPhoto

from .access import MemberRequest, creator
from .assets import take_files
from .brand_answers import archived_answer, card_answer
from .brand_library import MOST_PRODUCTS, find_brand
from .forms_brand import ProductForm

FILES = "photo_files"
SAID = ("name", "price", "link", "facts")


@require_safe
@creator
def brand_products(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    """The card as it is read, for whoever leaves a form without saving."""
    return card_answer(request, find_brand(request, brand_id), "products")


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def product_new(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    return _edit(request, find_brand(request, brand_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@creator
def product(request: MemberRequest, brand_id: UUID, product_id: UUID) -> HttpResponseBase:
    found = find_brand(request, brand_id)
    return _edit(request, found, _of(found, product_id))


def _of(brand: Brand, product_id: UUID) -> Product:
    found = next((one for one in brand.products.all() if one.pk == product_id), None)
    if found is None:
        raise Http404
    return found


def _edit(request: MemberRequest, brand: Brand, own: Product | None) -> HttpResponseBase:
    """The form of a product, or of a new one. Its small steps (`do=remove:<asset>`, `do=upload`) give the form back, unsaved."""
    if brand.archived_at:
        return archived_answer(request, brand)
    editing = str(own.pk) if own else "new"
    if request.method != "POST":
        photos = [photo.asset for photo in own.photos.all()] if own else []
        said = {name: getattr(own, name) if own else "" for name in SAID}
        form = ProductForm(request.membership, initial={**said, "photos": photos})
        return card_answer(request, brand, "products", editing=editing, form=form)
    step = request.POST.get("do", "")
    form = _sent(request, step)
    if own is None and brand.products.count() >= MOST_PRODUCTS:
        form.add_error(None, f"A brand holds at most {MOST_PRODUCTS} products. Delete one first.")
    if form.is_valid() and not step:
        _save(brand, own, form.cleaned_data, form.photos)
        return card_answer(request, find_brand(request, brand.pk), "products", saved=True)
    return card_answer(request, brand, "products", editing=editing, form=form, status=200 if step else 422)


def _sent(request: MemberRequest, step: str) -> ProductForm:
    """What was sent: pictures by id, then the files of a browser without script. Files are kept whatever else is wrong."""
    data: QueryDict = request.POST.copy()
    out = step.removeprefix("remove:")
    data.setlist("photos", [reference for reference in data.getlist("photos") if reference != out])
    problems: list[str] = []
    if request.FILES.getlist(FILES) or any(field == FILES for field, _ in refused_uploads(request)):
        for answer in take_files(request, FILES):
            if answer.taken:
                data.appendlist("photos", str(answer.taken.asset.pk))
            else:
                problems.append(f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence)
    form = ProductForm(request.membership, data)
    form.photo_errors += problems
    return form


@transaction.atomic
def _save(brand: Brand, own: Product | None, said: dict[str, str], photos: list[Asset]) -> None:
    said = {name: said[name] for name in SAID}
    if own is None:
        last = brand.products.order_by("-position").values_list("position", flat=True).first()
        own = Product.objects.create(brand=brand, **said, position=0 if last is None else last + 1)
    else:
        for name, value in said.items():
            setattr(own, name, value)
        own.save(update_fields=SAID)
        own.photos.all().delete()
    ProductPhoto.objects.bulk_create(
        [ProductPhoto(product=own, asset=asset, position=position) for position, asset in enumerate(photos)]
    )


@require_POST
@creator
def product_delete(request: MemberRequest, brand_id: UUID, product_id: UUID) -> HttpResponseBase:
    """The photos stay in the library, and ads made with them stay as they are."""
    brand = find_brand(request, brand_id)
    if brand.archived_at:
        return archived_answer(request, brand)
    _of(brand, product_id).delete()
    return card_answer(request, find_brand(request, brand_id), "products", saved=True)


@require_POST
@creator
def product_move(request: MemberRequest, brand_id: UUID, product_id: UUID) -> HttpResponseBase:
    """`step`: -1 or 1 beside where it is; `to`: a place from 0. Beyond the ends means the end."""
    brand = find_brand(request, brand_id)
    if brand.archived_at:
        return archived_answer(request, brand)
    _of(brand, product_id)
    with transaction.atomic():
        Brand.objects.select_for_update().get(pk=brand.pk)
        order = list(Product.objects.filter(brand=brand).values_list("pk", flat=True))
        if product_id not in order:
            raise Http404
        place = _place(request, order.index(product_id))
        order.remove(product_id)
        order.insert(min(max(place, 0), len(order)), product_id)
        rows = Product.objects.in_bulk(order)
        for position, pk in enumerate(order):
            rows[pk].position = position
        Product.objects.bulk_update(rows.values(), ("position",))
    return card_answer(request, find_brand(request, brand_id), "products", saved=True)


def _place(request: MemberRequest, now: int) -> int:
    step = {"-1": -1, "1": 1}.get(request.POST.get("step", ""))
    to = request.POST.get("to", "")
    if step is not None:
        return now + step
    return int(to) if to.isdecimal() and len(to) < 5 else now


urlpatterns = [
    path("brands/<uuid:brand_id>/products/", brand_products, name="brand_products"),
    path("brands/<uuid:brand_id>/products/new/", product_new, name="product_new"),
    path("brands/<uuid:brand_id>/products/<uuid:product_id>/", product, name="product"),
    path("brands/<uuid:brand_id>/products/<uuid:product_id>/delete", product_delete, name="product_delete"),
    path("brands/<uuid:brand_id>/products/<uuid:product_id>/move", product_move, name="product_move"),
]
