from __future__ import annotations


class MediaRefused(Exception):
    """A file that is not taken. `str(error)` is one sentence for the person who sent it: what is wrong with it, and what to do."""


class StorageAway(Exception):
    """Files can be neither read nor written now: whoever wanted to waits, and nothing is lost. `str(error)` is a sentence for people.

    No OSError on purpose: what catches those takes a file for gone or damaged, and gives up for good.
    """


class StorageRefuses(StorageAway):
    """The bucket or the key is wrong: somebody has to correct a setting before anything works."""
