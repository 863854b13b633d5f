"""deploy_site copies a built site into its bucket, and CloudFormation hears of the outcome in any case."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

FOLDER = Path(__file__).resolve().parents[2] / "functions" / "deploy_site"
REGION = "us-east-1"


class CloudFormation:
    """Stands at the address to which CloudFormation has the outcome sent."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, Any], str | None]] = []
        heard = self.heard

        class Answering(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append((json.loads(body), self.headers["Content-Type"]))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self._server.server_port}/outcome"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    listening = CloudFormation()
    yield listening
    listening.close()


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws(config={"core": {"passthrough": {"urls": [r"http://127\.0\.0\.1.*"]}}}):
        client = boto3.client("s3", region_name=REGION)
        for bucket in ("assets", "site"):
            client.create_bucket(Bucket=bucket)
        yield client


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the function alone: its folder first on the path, no client kept from another test."""
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in ("handler", "site_bucket"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    module = import_module("handler")
    for name in ("handler", "site_bucket"):
        monkeypatch.setitem(sys.modules, name, sys.modules[name])
    return module


def built(**files: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for name, content in files.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), content)
    return archive.getvalue()


def request(url: str, kind: str = "Create", key: str = "built.zip") -> dict[str, Any]:
    return {
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Deployment",
        "ResourceProperties": {
            "SourceBucket": "assets",
            "SourceKey": key,
            "Bucket": "site",
            "Configuration": {"stage": "paper", "apiBase": ""},
        },
    }


def keys(storage: Any) -> set[str]:
    return {item["Key"] for item in storage.list_objects_v2(Bucket="site").get("Contents", [])}


def test_a_site_is_copied_with_the_headers_browsers_need(
    function: ModuleType, storage: Any, cloudformation: CloudFormation
) -> None:
    archive = built(index_html="<p>", assets__app_js="1;", config_json="{}")
    storage.put_object(Bucket="assets", Key="built.zip", Body=archive)
    function.handler(request(cloudformation.url), None)
    page = storage.get_object(Bucket="site", Key="index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html", "no-cache")
    script = storage.get_object(Bucket="site", Key="assets/app.js")
    assert script["ContentType"] in ("text/javascript", "application/javascript")
    assert "immutable" in script["CacheControl"]
    ((answer, content_type),) = cloudformation.heard
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "site-of-site")
    assert not content_type


def test_the_deployed_configuration_replaces_the_built_one(
    function: ModuleType, storage: Any, cloudformation: CloudFormation
) -> None:
    archive = built(index_html="<p>", config_json='{"stage": "local"}')
    storage.put_object(Bucket="assets", Key="built.zip", Body=archive)
    function.handler(request(cloudformation.url), None)
    written = storage.get_object(Bucket="site", Key="config.json")["Body"].read()
    assert json.loads(written) == {"stage": "paper", "apiBase": ""}


def test_a_second_delivery_changes_nothing_and_an_update_removes_old_files(
    function: ModuleType, storage: Any, cloudformation: CloudFormation
) -> None:
    first = built(index_html="1", assets__old_js="1;")
    second = built(index_html="2", assets__new_js="2;")
    storage.put_object(Bucket="assets", Key="built.zip", Body=first)
    storage.put_object(Bucket="assets", Key="next.zip", Body=second)
    for _ in range(2):
        function.handler(request(cloudformation.url), None)
        assert keys(storage) == {"index.html", "assets/old.js", "config.json"}
    function.handler(request(cloudformation.url, "Update", "next.zip"), None)
    assert keys(storage) == {"index.html", "assets/new.js", "config.json"}


def test_a_failure_is_told_with_its_cause(
    function: ModuleType, storage: Any, cloudformation: CloudFormation
) -> None:
    assert keys(storage) == set()
    function.handler(request(cloudformation.url, key="missing.zip"), None)
    ((answer, _),) = cloudformation.heard
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("NoSuchKey: ")


def test_deleting_the_stack_leaves_the_files_where_they_are(
    function: ModuleType, storage: Any, cloudformation: CloudFormation
) -> None:
    storage.put_object(Bucket="assets", Key="built.zip", Body=built(index_html="<p>"))
    function.handler(request(cloudformation.url), None)
    function.handler(request(cloudformation.url, "Delete"), None)
    assert keys(storage) == {"index.html", "config.json"}
    assert [answer["Status"] for answer, _ in cloudformation.heard] == ["SUCCESS", "SUCCESS"]
