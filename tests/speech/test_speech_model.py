from __future__ import annotations

import sys
from pathlib import Path

import pytest

from studio.speech import model


@pytest.fixture
def fresh_problem() -> None:
    model.problem.cache_clear()


@pytest.mark.usefixtures("fresh_problem")
def test_this_installation_can_speak() -> None:
    assert model.problem() == ""
    assert sum(path.stat().st_size for path in model.parts()) == model.SIZE_BYTES


@pytest.mark.usefixtures("fresh_problem")
@pytest.mark.parametrize("content", [None, b"short"])
def test_a_missing_or_short_part_is_said_and_not_only_when_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    monkeypatch.setattr(model, "PACKAGES", (*model.PACKAGES[:3], "backlot_no_such_part"))
    if content is not None:
        (tmp_path / "backlot_no_such_part").mkdir()
        (tmp_path / "backlot_no_such_part" / "part.bin").write_bytes(content)
        monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path)])
    said = model.problem()
    model.problem.cache_clear()
    assert "choose another model" in said
    assert ("backlot-no-such-part is missing" in said) is (content is None)
    with pytest.raises(model.ModelError):
        model.ready(tmp_path / "data")
    assert list((tmp_path / "data").glob("*")) == []


def test_a_damaged_file_is_made_again_from_the_parts(speech_folder: Path, tmp_path: Path) -> None:
    whole = model.ready(speech_folder)
    broken = tmp_path / whole.name
    with broken.open("wb") as file:
        file.truncate(model.SIZE_BYTES)
    assert model.ready(tmp_path) == broken
    with whole.open("rb") as first, broken.open("rb") as second:
        assert first.read(1 << 20) == second.read(1 << 20)
    assert [path.name for path in tmp_path.iterdir()] == [whole.name]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(model.ModelError, match="no room for the voice model"):
        model.ready(tmp_path / "file" / "folder")
