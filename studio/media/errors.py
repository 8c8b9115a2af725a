from __future__ import annotations


class MediaRefused(Exception):
    """A file that is not taken. `str(error)` is one sentence for the person who sent it: what is wrong with it, and what to do."""
