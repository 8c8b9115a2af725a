"""The different looks that the answers of Videotok may have: the pages do not show them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def _bare(full: Json) -> Json:
    """The facts without any id."""
    hidden = ("object", "id", "generation_id", "generation_ids", "generations")
    return {name: value for name, value in full.items() if name not in hidden}


def _ids(full: Json) -> list[str]:
    return list(full["generation_ids"])


SUBMITS: dict[str, Callable[[Json], Any]] = {
    "superset": lambda full: full,
    "generations": lambda full: {**_bare(full), "generations": full["generations"]},
    "generations of names": lambda full: {"generations": [{"generation_id": it} for it in _ids(full)]},
    "generation_ids": lambda full: {**_bare(full), "generation_ids": _ids(full)},
    "ids": lambda full: {"ids": _ids(full)},
    "items": lambda full: {"items": full["generations"]},
    "results": lambda full: {"results": full["generations"]},
    "data list": lambda full: {"data": full["generations"]},
    "bare list": lambda full: full["generations"],
    "generation_id": lambda full: {**_bare(full), "generation_id": _ids(full)[0]},
    "id": lambda full: {**_bare(full), "id": _ids(full)[0]},
    "number": lambda full: {"id": int(_ids(full)[0].replace("-", "")[-6:], 16)},
    "in data": lambda full: {"data": full},
    "in result": lambda full: {"result": {"id": _ids(full)[0]}},
    "in generation": lambda full: {"generation": {"id": _ids(full)[0], "status": "queued"}},
    "no id": _bare,
}

POLLS: dict[str, Callable[[Json, list[str]], Any]] = {
    "superset": lambda full, urls: full,
    "url": lambda full, urls: {"id": full["id"], "status": full["status"], "url": next(iter(urls), None)},
    "output": lambda full, urls: {"status": full["status"], "output": {"video_url": next(iter(urls), None)}},
    "data": lambda full, urls: {"data": {"state": full["status"], "asset": {"url": next(iter(urls), None)}}},
    "generation": lambda full, urls: {"generation": {"status": full["status"], "result_url": next(iter(urls), None)}},
    "urls": lambda full, urls: {"status": full["status"].upper(), "urls": urls},
    "outputs": lambda full, urls: {"status": full["status"], "outputs": [{"download_url": it} for it in urls]},
    "echo": lambda full, urls: {
        "status": full["status"],
        "reference_image_urls": ["https://in.example/a.png"],
        "source_video_url": "https://in.example/b.mp4",
        "input": {"url": "https://in.example/c.png"},
        "thumbnail_url": "https://in.example/d.png",
        "images": urls,
    },
}
