"""The container files, checked as text: no container is built here."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from studio.run.__main__ import parser
from studio.run.lanes import LANES

from .test_documented import ROOT, names_read

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text()
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == "backlot"}


def test_every_part_runs_once() -> None:
    parts = sorted(" ".join(service["command"][3:]) for service in OURS.values())
    assert parts == sorted(["migrate", "web", "beat", *(f"lane {name}" for name in LANES)])


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_that_exists(name: str) -> None:
    command = OURS[name]["command"]
    assert command[:3] == ["python", "-m", "studio.run"]
    parser().parse_args(command[3:])


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_a_service_is_one_of_ours(name: str) -> None:
    set_here = OURS[name]["environment"].keys()
    assert set_here <= names_read()
    assert {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"} <= set_here


def test_what_is_left_to_its_default_is_left_on_purpose() -> None:
    fixed_in_the_image = {"BACKLOT_DATA", "HOST", "PORT"}
    for_developing = {"BACKLOT_DEBUG"}
    given = OURS["web"]["environment"].keys() | fixed_in_the_image | for_developing
    assert given == names_read()


def test_named_volumes_and_dependencies_exist() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for needed, condition in service.get("depends_on", {}).items():
            healthy = condition["condition"] == "service_healthy"
            assert not healthy or "test" in SERVICES[needed]["healthcheck"]


def test_a_lane_gets_its_grace() -> None:
    for name, lane in LANES.items():
        assert int(OURS[name]["stop_grace_period"].rstrip("s")) > lane.grace_seconds


def test_the_image_runs_as_a_user_and_keeps_its_data() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER backlot$", last_stage, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", last_stage, re.MULTILINE)
    assert "pip install" not in last_stage
    assert "apt-get" not in last_stage
    health = re.search(r'HEALTHCHECK .*\\\n\s+CMD \["python", "-m", "studio.run", "(\w+)"\]', last_stage)
    assert health
    parser().parse_args([health[1]])


def test_what_the_image_copies_exists() -> None:
    for source in re.findall(r"^COPY (?!--from)(?:--\S+ )?(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_names_exact_versions_with_hashes_and_no_host(name: str) -> None:
    text = (Path(ROOT) / name).read_text()
    assert not re.search(r"https?:|file://|^\s*--?(?!hash)[a-z]", text, re.MULTILINE)
    entries = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==\S+(?: ;.*)? \\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(entries) == len(re.findall(r"^\w", text, re.MULTILINE))


def test_the_test_lock_holds_the_same_versions() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([\w.-]+==\S+)", (Path(ROOT) / name).read_text(), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-test.lock")
