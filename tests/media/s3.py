"""A bucket of its own for a test, on a real server, in place of the disk."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import default_storage, storages
from django.db import connection
from pytest_django.fixtures import Settings

from studio.media.bucket import BucketStorage

from .s3_server import ACCESS_KEY, REGION, SECRET_KEY


def use(settings: Settings, **options: Any) -> BucketStorage:
    """Files go there from now on."""
    close()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "studio.media.bucket.BucketStorage", "OPTIONS": options},
    }
    storage = storages["default"]
    assert isinstance(storage, BucketStorage)
    return storage


def close() -> None:
    if isinstance(default_storage, BucketStorage):
        default_storage.client.close()


def options_for(endpoint: str) -> dict[str, Any]:
    return {
        "bucket": f"test-{uuid.uuid4().hex[:12]}",
        "endpoint": endpoint,
        "region": REGION,
        "access_key": ACCESS_KEY,
        "secret_key": SECRET_KEY,
        "prefix": "studio/files",
        "addressing": "path",
        "gives_links": True,
    }


@contextmanager
def fresh_bucket(settings: Settings, endpoint: str) -> Iterator[dict[str, Any]]:
    """The options of an empty bucket that is in use. No request may go there while a transaction is open, but for the test's own."""
    options = options_for(endpoint)
    storage = use(settings, **options)
    storage.client.create_bucket(
        Bucket=options["bucket"], CreateBucketConfiguration={"LocationConstraint": options["region"]}
    )
    own = len(connection.atomic_blocks)

    def raise_in_transaction(**_: Any) -> None:
        assert len(connection.atomic_blocks) <= own, "a transaction waits for the storage"

    storage.client.meta.events.register("before-send.s3", raise_in_transaction)
    yield options
    close()
