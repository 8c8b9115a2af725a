"""The files that ship beside the renderer are the ones their manifests name, and their licences lie beside them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from studio.render.manifest import DATA, entries, verified

MEDIA = Path(__file__).resolve().parent.parent / "media"
FIELDS = {"file", "title", "source", "version", "licence", "sha256", "bytes"}


@pytest.mark.parametrize("folder", [DATA / "models", DATA / "demo", MEDIA], ids=lambda folder: folder.name)
def test_every_file_is_the_one_named(folder: Path) -> None:
    named = entries(folder)
    for entry in named:
        data = (folder / entry["file"]).read_bytes()
        assert set(entry) >= FIELDS
        assert (len(data), hashlib.sha256(data).hexdigest()) == (entry["bytes"], entry["sha256"])
        if "licence_file" in entry:
            assert (folder / entry["licence_file"]).stat().st_size > 100
    binary = {path.name for path in folder.iterdir() if path.suffix in {".onnx", ".tflite", ".png", ".jpg"}}
    assert binary == {entry["file"] for entry in named}


def test_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "MANIFEST.json").write_bytes((DATA / "models" / "MANIFEST.json").read_bytes())
    (folder / "u2netp.onnx").write_bytes(b"not the model")
    monkeypatch.setattr("studio.render.manifest.DATA", tmp_path)
    verified.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"u2netp\.onnx .* damaged"):
            verified("models", "u2netp.onnx")
    finally:
        verified.cache_clear()
