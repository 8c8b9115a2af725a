from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env, where


def test_a_file_gives_defaults_that_the_environment_overrides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"ONE": "from the environment"})
    file = tmp_path / ".env"
    file.write_text("# a comment\n\nONE=1\nTWO = two words \nTHREE='it is # quoted'\nFOUR=\n")
    env.load_file(file)
    assert os.environ == {"ONE": "from the environment", "TWO": "two words", "THREE": "it is # quoted", "FOUR": ""}


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    env.load_file(tmp_path / "none")


def test_a_line_that_is_no_setting_is_told_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORT=8000\nexport HOST=here\n")
    with pytest.raises(ImproperlyConfigured, match=r"line 2: expected NAME=value"):
        env.load_file(file)


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert env.secret("SECRET_KEY", tmp_path / "made") == "k" * 40
    assert not (tmp_path / "made").exists()
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "none"))
    with pytest.raises(ImproperlyConfigured, match="cannot be read: No such file"):
        env.secret("SECRET_KEY", tmp_path / "made")


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = env.secret("SECRET_KEY", tmp_path / "inside" / "key")
    assert len(first) >= 32
    assert env.secret("SECRET_KEY", tmp_path / "inside" / "key") == first
    assert (tmp_path / "inside" / "key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "inside").iterdir()] == ["key"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("postgres://user:p%40ss@db:5433/ads", ("user", "p@ss", "db", 5433, "ads")),
        ("postgresql://db/ads?sslmode=require", ("", "", "db", 5432, "ads")),
        ("postgres://user@/ads?host=%2Frun%2Fpg", ("user", "", "/run/pg", 5432, "ads")),
    ],
)
def test_a_postgres_address(value: str, expected: tuple[object, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    read = env.database("DATABASE_URL", Path("unused"))
    assert tuple(read[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")) == expected


def test_a_sqlite_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/my%20ads.sqlite3")
    assert env.database("DATABASE_URL", Path("unused"))["NAME"] == f"{tmp_path}/my ads.sqlite3"
    monkeypatch.delenv("DATABASE_URL")
    assert env.database("DATABASE_URL", tmp_path / "own.sqlite3")["NAME"] == f"{tmp_path}/own.sqlite3"


@pytest.mark.parametrize("value", ["postgres://db", "mysql://db/ads", "postgres://db:70000/ads"])
def test_a_database_address_that_makes_no_sense_is_refused_without_repeating_it(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("DATABASE_URL", Path("unused"))
    assert value not in str(refusal.value)


def test_a_socket_address_fits_the_system() -> None:
    assert where.broker_socket(Path("/data")) == Path("/data/broker.sock")
    deep = Path("/") / ("d" * 60) / ("e" * 60)
    assert len(str(where.broker_socket(deep))) <= where.SOCKET_PATH_BYTES
    assert where.broker_socket(deep) == where.broker_socket(deep)
    assert where.broker_socket(deep) != where.broker_socket(deep / "other")
