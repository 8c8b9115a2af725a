"""`python -m studio.run` runs everything; `python -m studio.run web`, `lane NAME`, `beat` or `migrate` runs one part of it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    commands = argparse.ArgumentParser(
        prog="python -m studio.run", description="Runs Backlot: everything, or one part of it."
    )
    commands.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    parts = commands.add_subparsers(dest="part", title="parts", metavar="PART")
    web = parts.add_parser("web", help="the web server alone")
    web.add_argument("--listening", type=int, help=argparse.SUPPRESS)
    lane = parts.add_parser("lane", help="one lane of workers")
    lane.add_argument("name", choices=("engine", "long", "render"))
    lane.add_argument("--beat", action="store_true", help="ring the bells here; only without a beat process")
    parts.add_parser("beat", help="the bells; exactly one in a deployment")
    parts.add_parser("migrate", help="bring database and static files up to date, then stop")
    parts.add_parser("healthy", help="ask the web server whether it answers; for container health checks")
    parts.add_parser("broker", help="the embedded broker alone")
    return commands


def main() -> None:
    options = parser().parse_args()
    if options.parent:
        from .parent import die_with_parent

        die_with_parent(signal.SIGTERM, options.parent)
    from django.core.exceptions import ImproperlyConfigured

    from config.env import load_file

    from .problem import AlreadyRunning, StartError

    try:
        load_file(Path(__file__).resolve().parent.parent.parent / ".env")
        _run(options)
    except AlreadyRunning as error:
        sys.exit(str(error))
    except (StartError, ImproperlyConfigured) as error:
        sys.exit(f"Backlot cannot start. {error}")


def _run(options: argparse.Namespace) -> None:
    if options.part is None:
        from .checks import check_python

        check_python()
        from .supervisor import supervise

        supervise()
        return
    if options.part == "healthy":
        from config import where

        from .watchdog import is_serving, reachable

        sys.exit(0 if is_serving(reachable(where.HOST), where.PORT) else 1)
    _run_process(options)


def _run_process(options: argparse.Namespace) -> None:
    from config import where

    from . import broker, processes
    from .checks import prepare_folder

    prepare_folder(where.DATA_DIR)
    if options.part == "web":
        processes.web(options.listening)
    elif options.part == "lane":
        processes.lane(options.name, with_beat=options.beat)
    elif options.part == "beat":
        processes.beat()
    elif options.part == "migrate":
        processes.prepare()
    elif options.part == "broker":
        broker.prepare_socket(where.BROKER_SOCKET)
        command = broker.arguments(where.BROKER_SOCKET)
        os.execv(command[0], command)  # noqa: S606  (no shell is wanted)


if __name__ == "__main__":
    main()
