from __future__ import annotations


class StartError(Exception):
    """Backlot cannot start. The message is one sentence for the person who typed the command: what is wrong and what to do."""


class AlreadyRunning(StartError):
    """Another supervisor works in the same data folder; the message says where."""
