"""Who presses the button in the crash test: a process that stores briefs as the web process does, and that may be killed while it does so.

It reads numbers of briefs, one a line, and answers each with the same number once it is stored.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType


class Presser:
    """The other end: keeps such a process up and asks it again for what it may not have stored."""

    def __init__(self, seed: int, facts: Path, environment: dict[str, str]) -> None:
        self._command = [sys.executable, "-m", "bench.crash_briefs", str(seed), str(facts)]
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[str] | None = None
        self.deaths = 0

    def __enter__(self) -> Presser:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        """With its pipes, whatever still lies in them."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process = None

    def press(self, number: int) -> None:
        for _ in range(20):
            if self._process is None or self._process.poll() is not None:
                self._end()
                self._process = subprocess.Popen(
                    self._command,
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            try:
                print(number, file=self._process.stdin, flush=True)
                if self._process.stdout.readline().strip() == str(number):
                    return
            except BrokenPipeError:
                pass
            self._end()
            self.deaths += 1
        raise SystemExit(f"Brief {number} could not be stored in 20 tries.")


def main(seed: int, facts: Path) -> None:
    import django

    django.setup()
    from django.db import OperationalError

    from bench.crash_plan import planned, submit
    from studio.models import Workspace

    told = json.loads(facts.read_text())
    workspace = Workspace.objects.get(pk=told["workspace"])
    for line in sys.stdin:
        number = int(line)
        while True:
            try:
                submit(planned(seed, number), workspace, told)
                break
            except OperationalError as error:
                print(f"The database is busy: {error}", file=sys.stderr)
        print(number, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
