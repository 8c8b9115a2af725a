"""What is wrong with the machine or a setting is said in one sentence, before anything starts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from studio.run import broker, checks
from studio.run.problem import StartError

from .running import free_port, refused


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORT": "80800"}, "PORT is '80800'. Use a whole number from 1 to 65535."),
        ({"PORT": "eighty"}, "PORT is 'eighty'. Use a whole number from 1 to 65535."),
        ({"DEMO": "maybe"}, "DEMO is 'maybe'. Use 1 or 0."),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is 'LOUD'. Use DEBUG, INFO, WARNING or ERROR."),
        ({"MAX_UPLOAD_MB": "-1"}, "MAX_UPLOAD_MB is '-1'. Use a whole number from 1 to 10000."),
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters. Use at least 32 random ones."),
        ({"REDIS_URL": "http://x"}, "REDIS_URL must start with redis:// or rediss:// or unix://."),
        ({"HOST": "no.such.host.invalid"}, "HOST is 'no.such.host.invalid', which is no address of this machine."),
        ({"DATABASE_URL": "postgres://127.0.0.1:1/none"}, "The database cannot be reached ("),
        ({"REDIS_URL": "redis://:hidden@127.0.0.1:1/0"}, "The broker at REDIS_URL does not answer."),
        ({"TIME_ZONE": "Mars/Base"}, "TIME_ZONE is 'Mars/Base'. Use a name such as Europe/Berlin."),
    ],
)
def test_a_wrong_setting(tmp_path: Path, settings: dict[str, str], sentence: str) -> None:
    said = refused(tmp_path / "data", free_port(), **settings)
    assert said.startswith(f"Backlot cannot start. {sentence}"), said
    assert len(said.splitlines()) == 1, said
    assert "hidden" not in said


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    said = refused(tmp_path / "data" / "inside", free_port())
    assert "cannot be written (Not a directory). Make it writable, or set BACKLOT_DATA to another folder." in said


def test_a_data_folder_of_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's refusal is put in by hand: for root, who runs tests in containers, nothing is unwritable."""

    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(StartError, match=r"cannot be written \(Permission denied\)"):
        checks.prepare_folder(tmp_path)


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(StartError, match="file system without locks"):
        checks.take_lock(tmp_path, "http://127.0.0.1:8000")


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LOWEST_PYTHON", (9, 0))
    with pytest.raises(StartError, match=r"Backlot needs Python 9\.0 or newer"):
        checks.check_python()


def test_the_embedded_server_comes_with_the_packages() -> None:
    assert os.access(broker.binary(), os.X_OK)
