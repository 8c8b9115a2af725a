"""Where files are kept, by environment variables alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.storage import default_storage

AMAZON = {"S3_BUCKET": "our-studio", "S3_REGION": "eu-central-1", "S3_ACCESS_KEY": "AKIA", "S3_SECRET_KEY": "secret"}
OWN = AMAZON | {"S3_ENDPOINT": "http://minio:9000", "S3_REGION": ""}


def read(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], most_mb: int = 50) -> dict[str, Any]:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return default_storage(most_mb)


def test_without_a_bucket_files_lie_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(monkeypatch, {"S3_BUCKET": "", "S3_ENDPOINT": ""})
    assert found == {"BACKEND": "django.core.files.storage.FileSystemStorage"}


def test_a_bucket_at_amazon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    given = AMAZON | {"S3_SECRET_KEY_FILE": str(tmp_path / "key"), "S3_PREFIX": "/team/backlot/"}
    found = read(monkeypatch, given)
    assert found["BACKEND"] == "studio.media.bucket.BucketStorage"
    assert found["OPTIONS"] == {
        "bucket": "our-studio",
        "endpoint": "",
        "public_endpoint": "",
        "region": "eu-central-1",
        "access_key": "AKIA",
        "secret_key": "from a file",
        "prefix": "team/backlot",
        "addressing": "auto",
        "gives_links": True,
    }


def test_a_bucket_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    options = read(monkeypatch, OWN)["OPTIONS"]
    assert (options["region"], options["addressing"]) == ("us-east-1", "path")


@pytest.mark.parametrize(
    ("values", "gives"),
    [
        (AMAZON, True),
        (AMAZON | {"S3_ACCESS_KEY": "", "S3_SECRET_KEY": ""}, False),
        (OWN, False),
        (OWN | {"S3_PUBLIC_ENDPOINT": "https://files.example.com"}, True),
        (OWN | {"S3_ENDPOINT": "https://s3.example.com"}, True),
        (OWN | {"S3_ENDPOINT": "http://s3.example.com"}, False),
        (OWN | {"S3_ENDPOINT": "https://minio"}, False),
        (OWN | {"S3_ENDPOINT": "https://minio.home.arpa"}, False),
        (OWN | {"S3_ENDPOINT": "https://10.1.2.3:9000"}, False),
        (OWN | {"S3_ENDPOINT": "https://[fd00::1]"}, False),
    ],
)
def test_links_are_given_where_strangers_can_follow_them(
    values: dict[str, str], gives: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert read(monkeypatch, values)["OPTIONS"]["gives_links"] is gives


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"S3_ENDPOINT": "https://s3.example.com"}, "S3_ENDPOINT is set, but S3_BUCKET is not"),
        ({"S3_SECRET_KEY": "hidden"}, "S3_SECRET_KEY is set, but S3_BUCKET is not"),
        (AMAZON | {"S3_BUCKET": "s3://our-studio"}, "Use the bucket's name alone"),
        (AMAZON | {"S3_REGION": ""}, "S3_REGION is missing"),
        (AMAZON | {"S3_REGION": "Frankfurt am Main"}, "Use a name such as eu-central-1"),
        (AMAZON | {"S3_SECRET_KEY": ""}, "S3_SECRET_KEY is missing"),
        (AMAZON | {"S3_ACCESS_KEY": ""}, "S3_ACCESS_KEY is missing"),
        (AMAZON | {"S3_PREFIX": "../up"}, "Use a folder's name"),
        (AMAZON | {"S3_PREFIX": "a b"}, "Use a folder's name"),
        (AMAZON | {"S3_ADDRESSING": "sideways"}, "Use AUTO, PATH or VIRTUAL"),
        (OWN | {"S3_ENDPOINT": "minio:9000"}, "must start with https:// or http://"),
        (OWN | {"S3_ENDPOINT": "https://user:hidden@minio"}, "is no plain address"),
        (OWN | {"S3_PUBLIC_ENDPOINT": "http://files.example.com"}, "must start with https://"),
    ],
)
def test_nonsense_is_refused_with_a_sentence(
    values: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as refused:
        read(monkeypatch, values)
    assert "hidden" not in str(refused.value)


def test_no_upload_is_larger_than_one_request_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="With S3_BUCKET the most is 5000"):
        read(monkeypatch, AMAZON, 6000)
