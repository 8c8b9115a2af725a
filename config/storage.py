"""Where files are kept: in the data folder, or in a bucket that speaks S3. Read from the environment alone; nonsense is refused at start."""

from __future__ import annotations

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from . import env

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()-]+(/[A-Za-z0-9!_.*'()-]+)*")
_REGION = re.compile(r"[A-Za-z0-9-]{1,60}")
MOST_UPLOAD_MB = 5000
"""A file goes into a bucket in one request, which is whole or nothing and leaves no parts behind; S3 takes 5 GB that way."""


class StorageAway(Exception):
    """Files can be neither read nor written now: whoever wanted to waits, and nothing is lost. `str(error)` is a sentence for people.

    No OSError on purpose: what catches those takes a file for gone or damaged, and gives up for good.
    """


class StorageRefuses(StorageAway):
    """The bucket or the key is wrong: somebody has to correct a setting before anything works."""


def default_storage(max_upload_mb: int) -> dict[str, Any]:
    """Django's STORAGES["default"]: a bucket where S3_BUCKET names one, else the disk."""
    bucket = env.text("S3_BUCKET")
    found = {
        "endpoint": _address("S3_ENDPOINT", env.url("S3_ENDPOINT", "", ("https", "http"))),
        "public_endpoint": _address("S3_PUBLIC_ENDPOINT", env.url("S3_PUBLIC_ENDPOINT", "", ("https",))),
        "region": env.text("S3_REGION"),
        "access_key": env.text("S3_ACCESS_KEY"),
        "secret_key": env.text("S3_SECRET_KEY"),
        "prefix": env.text("S3_PREFIX").strip("/"),
    }
    addressing = env.choice("S3_ADDRESSING", "AUTO", ("AUTO", "PATH", "VIRTUAL")).lower()
    if not bucket:
        _refuse_without_bucket(found)
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    _check(bucket, found, max_upload_mb)
    if addressing == "auto" and found["endpoint"]:
        addressing = "path"  # What every S3 server but Amazon's understands without a wildcard certificate.
    options = {
        **found,
        "bucket": bucket,
        "region": found["region"] or "us-east-1",
        "addressing": addressing,
        "gives_links": bool(found["access_key"]) and _is_public(found["public_endpoint"] or found["endpoint"]),
    }
    return {"BACKEND": "studio.media.bucket.BucketStorage", "OPTIONS": options}


def _address(name: str, value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} is no plain address. It looks like https://s3.eu-central-1.example.com.")
    return value.rstrip("/")


def _refuse_without_bucket(found: dict[str, str]) -> None:
    for name, value in found.items():
        if value:
            raise ImproperlyConfigured(
                f"S3_{name.upper()} is set, but S3_BUCKET is not. Name the bucket, or take the other out."
            )


def _check(bucket: str, found: dict[str, str], max_upload_mb: int) -> None:
    if not _BUCKET.fullmatch(bucket):
        raise ImproperlyConfigured(
            f"S3_BUCKET is {bucket!r}. Use the bucket's name alone; its address belongs in S3_ENDPOINT."
        )
    if found["prefix"] and (not _PREFIX.fullmatch(found["prefix"]) or {".", ".."} & set(found["prefix"].split("/"))):
        raise ImproperlyConfigured(
            f"S3_PREFIX is {found['prefix']!r}. Use a folder's name such as backlot or team/backlot."
        )
    if found["region"] and not _REGION.fullmatch(found["region"]):
        raise ImproperlyConfigured(f"S3_REGION is {found['region']!r}. Use a name such as eu-central-1.")
    if not found["region"] and not found["endpoint"]:
        raise ImproperlyConfigured("S3_REGION is missing. Set it to the bucket's region, such as eu-central-1.")
    if bool(found["access_key"]) != bool(found["secret_key"]):
        lacking = "S3_SECRET_KEY" if found["access_key"] else "S3_ACCESS_KEY"
        raise ImproperlyConfigured(f"{lacking} is missing. Set both keys, or neither where this machine has a role.")
    if max_upload_mb > MOST_UPLOAD_MB:
        raise ImproperlyConfigured(
            f"MAX_UPLOAD_MB is {max_upload_mb}. With S3_BUCKET the most is {MOST_UPLOAD_MB}, which is what S3 takes at once."
        )


def _is_public(endpoint: str) -> bool:
    """Whether strangers can be sent there, by its look: https, and no address or name of a private network. Amazon's own has no endpoint."""
    if not endpoint:
        return True
    parts = urlsplit(endpoint)
    name = (parts.hostname or "").rstrip(".")
    try:
        is_open = ipaddress.ip_address(name).is_global
    except ValueError:
        is_open = "." in name and not name.endswith(_PRIVATE)
    return parts.scheme == "https" and is_open


_PRIVATE = (".local", ".localhost", ".internal", ".lan", ".home", ".home.arpa", ".test", ".svc", ".cluster.local")
