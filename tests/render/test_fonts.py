"""The shipped typefaces: complete, as recorded, licensed, and able to draw what ads need."""

from __future__ import annotations

import hashlib
import json

import pytest

from studio.render import fonts
from studio.render.spec import FontFile

MANIFEST = json.loads((fonts.FOLDER / "MANIFEST.json").read_text("utf-8"))


def test_manifest_names_every_file_with_its_hash_and_licence() -> None:
    on_disk = {path.name for path in fonts.FOLDER.iterdir() if path.suffix in (".ttf", ".otf")}
    assert on_disk == {entry["file"] for entry in MANIFEST}
    for entry in MANIFEST:
        data = (fonts.FOLDER / entry["file"]).read_bytes()
        assert len(data) == entry["bytes"]
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert "OFL" in entry["licence"]
        licence = (fonts.FOLDER / entry["licence_file"]).read_text("utf-8")
        assert "goals of the open font license" in licence.lower()


def test_fonts_stay_under_their_share_of_the_download() -> None:
    assert sum(entry["bytes"] for entry in MANIFEST) <= 40_000_000


@pytest.mark.parametrize("key", sorted(fonts.FONTS))
def test_family_draws_european_text_at_its_weights(key: str) -> None:
    family = fonts.font(key)
    assert family.emphasis in fonts.FONTS
    for italic in (False, True) if family.has_italic else (False,):
        for weight in family.weights:
            files = fonts.chain(key, italic, weight, "display")
            for character in "éłğőñß€“”–•AZaz09%&@$£!?":
                assert fonts.first_with(files, character) in (family.italic if italic else family.upright), character
            for character in "→✓★ЖΩشא日あ한กह":
                assert fonts.first_with(files, character), character
            assert 0.5 < fonts.height_of("H", key, weight, italic, "display") < 0.95


def test_no_shipped_file_goes_unused() -> None:
    used = {fonts.EMOJI_FILE}
    shipped = [family for family in fonts.FONTS.values() if not family.key.startswith(fonts.OWN)]
    for family in shipped:
        for optical in ("display", "text"):
            for weight in (400, 800):
                for italic in (False, True):
                    used.update(fonts.chain(family.key, italic, weight, optical))
    assert used == {entry["file"] for entry in MANIFEST}


def test_unknown_family_falls_back_to_inter() -> None:
    assert fonts.font("comic").key == "inter"


def test_uploaded_font_becomes_a_family() -> None:
    family = fonts.add_uploaded((fonts.FOLDER / "sora-latin.ttf").read_bytes(), "House")
    assert family.key.startswith("upload-")
    assert family.weights == (100, 800)
    assert fonts.first_with(fonts.chain(family.key, False, 700, "display"), "A") == family.key
    del fonts.FONTS[family.key]


def test_brands_own_fonts_are_forgotten_by_age_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ((fonts.FOLDER / f"{name}-latin.ttf").read_bytes() for name in ("sora", "inter"))
    monkeypatch.setattr(fonts, "MOST_OWN_BYTES", len(first) + len(second) - 1)
    older = fonts.add_uploaded(first, "Older")
    assert fonts.covers(older.key, "A")
    newer = fonts.use_file(FontFile(fonts.key_of(hashlib.sha256(second).hexdigest()), "Newer", lambda: second))
    assert newer.key in fonts.FONTS
    assert older.key not in fonts.FONTS
    again = fonts.use_file(FontFile(older.key, "Older", lambda: first))
    assert fonts.covers(again.key, "A")
    del fonts.FONTS[again.key]


@pytest.mark.parametrize("data", [b"", b"hello", b"\0\1\0\0" + b"\0" * 200, b"wOF2" + b"\0" * 50])
def test_uploaded_nonsense_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match="upload"):
        fonts.add_uploaded(data, "Nonsense")
