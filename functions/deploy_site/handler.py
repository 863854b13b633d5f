"""CloudFormation calls this to copy the built dashboard from its asset into the site bucket."""

from __future__ import annotations

import json
from typing import Any

import urllib3
from site_bucket import SiteBucket


def handler(event: dict[str, Any], _context: object) -> None:
    """Carry out one create, update or delete of the site, and answer CloudFormation in every case.

    Delivery is at least once; copying the same files again changes nothing.
    """
    bucket = event["ResourceProperties"]["Bucket"]
    answer = {
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "PhysicalResourceId": f"site-of-{bucket}",
    }
    try:
        _carry_out(event)
        answer["Status"] = "SUCCESS"
    except Exception as error:  # CloudFormation would wait an hour for a call that only raised
        answer |= {"Status": "FAILED", "Reason": f"{type(error).__name__}: {error}"[:1024]}
    _send(event["ResponseURL"], answer)


def _carry_out(event: dict[str, Any]) -> None:
    properties = event["ResourceProperties"]
    site = SiteBucket(properties["Bucket"])
    if event["RequestType"] == "Delete":
        return  # the bucket is versioned and kept; its files cost cents and can be restored
    site.replace(
        source_bucket=properties["SourceBucket"],
        source_key=properties["SourceKey"],
        configuration=properties["Configuration"],
    )


def _send(url: str, answer: dict[str, Any]) -> None:
    # The signed address was made for no content type, so none may be sent.
    body = json.dumps(answer).encode()
    reply = urllib3.request("PUT", url, body=body, headers={"Content-Type": ""}, timeout=30)
    if reply.status >= 400:
        raise OSError(f"CloudFormation answered {reply.status} to the outcome of the site's copy")
