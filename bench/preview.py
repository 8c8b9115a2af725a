"""How long the live preview takes, from request to answer, in one process: `python bench/preview.py`.

Text: a letter is typed into the headline, everything else as it was. Product: the shape changes, so the product must move and be drawn at
another size. Cold: a product that the process has never decoded. Every template that the renderer has, with a brand and a cut-out product.
The last line is JSON, milliseconds.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
TYPED = "Monday, cancelled. Sleep in and drink something good"
SHAPES = ("4:5", "9:16", "1:1", "16:9")
ROUNDS = 12
COLD_ROUNDS = 4


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    folder = tempfile.mkdtemp(prefix="backlot-bench-")
    os.environ |= {"BACKLOT_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "ERROR"}
    os.environ.pop("DATABASE_URL", None)
    try:
        measure()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure() -> None:
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.test import Client

    from studio.media.ingest import ingest_upload
    from studio.media.previews import make_previews
    from studio.models import Brand, Membership, Role, Team, User, Workspace
    from studio.render.templates import TEMPLATES

    call_command("migrate", verbosity=0)
    team = Team.objects.create(name="Bench")
    workspace = Workspace.objects.create(team=team, name="Bench")
    user = User.objects.create_user("bench@example.com", "Bench")
    membership = Membership.objects.create(user=user, team=team, role=Role.OWNER)
    brand = Brand.objects.create(
        team=team, name="Oru", primary="#f26a2e", accent="#ffb057", dark="#3b1608", light="#fff3e6"
    )
    photo = ROOT / "studio" / "render" / "data" / "demo" / "cut_can.png"

    def upload(mark: int) -> Any:
        """The product as a picture of its own: one pixel tells it from the others."""
        out = BytesIO()
        with Image.open(photo) as image:
            marked = image.convert("RGBA")
        marked.putpixel((marked.width // 2, marked.height // 2), (mark % 256, mark // 256, 0, 255))
        marked.save(out, "PNG", compress_level=1)
        found = ingest_upload(membership, workspace, SimpleUploadedFile(f"can-{mark}.png", out.getvalue()))
        make_previews(found.pk)
        found.refresh_from_db()
        if not found.cutout:
            raise SystemExit(f"The product has no cut-out: {found.cutout_refused}")
        return found

    asset = upload(0)
    client = Client(headers={"host": "127.0.0.1", "HX-Request": "true"})
    client.force_login(user)
    base: dict[str, Any] = {
        "nonce": "bench-preview",
        "prompt": "Cold brew in a can, for people who skip breakfast.",
        "call_to_action": "Order now",
        "brand": str(brand.pk),
        "product_images": [str(asset.pk)],
        "aspect_ratio": list(SHAPES),
        "resolution": "1K",
        "count": "1",
    }

    def ask(**changes: Any) -> float:
        started = time.perf_counter()
        answer = client.post("/create/static-ad/preview", base | changes)
        taken = (time.perf_counter() - started) * 1000
        if answer.status_code != 200 or b"data:image/svg+xml" not in answer.content:
            raise SystemExit(f"The preview answered {answer.status_code} without a picture for {changes}.")
        return taken

    first = ask(template=next(iter(TEMPLATES)), headline="x", shown="4:5")
    text: dict[str, list[float]] = {}
    product: dict[str, list[float]] = {}
    cold: dict[str, list[float]] = {}
    for template in TEMPLATES:
        ask(template=template, headline=TYPED[:8], shown="4:5")
        text[template] = [ask(template=template, headline=TYPED[: 9 + step], shown="4:5") for step in range(ROUNDS * 3)]
        # Headlines that were never asked before, so that neither a layout nor a cut picture comes out of a cache.
        product[template] = [
            ask(template=template, headline=f"{TYPED[: 12 + step]} {step}", shown=SHAPES[step % 4])
            for step in range(ROUNDS)
        ]
        fresh = [upload(1 + COLD_ROUNDS * len(cold) + step) for step in range(COLD_ROUNDS)]
        cold[template] = [
            ask(template=template, headline=TYPED[:20], shown=SHAPES[step % 4], product_images=[str(one.pk)])
            for step, one in enumerate(fresh)
        ]
    for name, taken in (("text", text), ("product", product), ("cold", cold)):
        for template, values in taken.items():
            print(
                f"{name:8} {template:10} median {statistics.median(values):6.0f} ms  p95 {percentile(values, 0.95):6.0f} ms"
            )
    everything = {
        name: [value for values in taken.values() for value in values]
        for name, taken in (("text", text), ("product", product), ("cold", cold))
    }
    figures = {
        "bench": "preview",
        "templates": len(TEMPLATES),
        "first_ms": round(first),
        "text_p95_ms": round(percentile(everything["text"], 0.95)),
        "product_p95_ms": round(percentile(everything["product"], 0.95)),
        "cold_p95_ms": round(percentile(everything["cold"], 0.95)),
        "text_worst_template_p95_ms": round(max(percentile(values, 0.95) for values in text.values())),
        "product_worst_template_p95_ms": round(max(percentile(values, 0.95) for values in product.values())),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
