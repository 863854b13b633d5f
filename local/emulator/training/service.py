"""The SageMaker calls about training jobs and model package groups, as a service of the
emulator.
"""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from ministack.core.responses import AccountRegionScopedDict, get_account_id, get_region

from local.emulator.lifecycle import when_ready
from local.emulator.training.runner import TrainingRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_JSON = {"Content-Type": "application/x-amz-json-1.1"}
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_SUMMARY_FIELDS = (
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingEndTime",
    "LastModifiedTime",
    "TrainingJobStatus",
    "SecondaryStatus",
)

_jobs = AccountRegionScopedDict()
_groups = AccountRegionScopedDict()
_runs: dict[str, TrainingRun] = {}


class RefusedError(Exception):
    """A call was wrong: the error's AWS name and a message."""

    def __init__(self, name: str, message: str) -> None:
        """Keep the name beside the message."""
        super().__init__(message)
        self.name = name


def create_job(given: Mapping[str, Any]) -> dict[str, Any]:
    """Start a training job; return its description, which changes as it runs."""
    name = _checked_name(given.get("TrainingJobName"))
    if name in _jobs:
        raise RefusedError("ResourceInUse", f"training job {name} exists; choose another name")
    if not (given.get("OutputDataConfig") or {}).get("S3OutputPath"):
        raise RefusedError("ValidationException", "OutputDataConfig.S3OutputPath was missing")
    now = time.time()
    job: dict[str, Any] = {
        **given,
        "TrainingJobArn": _arn("training-job", name),
        "TrainingJobStatus": "InProgress",
        "SecondaryStatus": "Starting",
        "CreationTime": now,
        "LastModifiedTime": now,
        "ModelArtifacts": {"S3ModelArtifacts": ""},
    }
    _jobs[name] = job
    _run(job, get_region())
    return job


def find_job(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job's description."""
    return _found(_jobs, given.get("TrainingJobName"))


def _list_jobs(given: Mapping[str, Any]) -> dict[str, Any]:
    wanted = given.get("StatusEquals")
    summaries = [
        {field: job[field] for field in _SUMMARY_FIELDS if field in job}
        for job in _jobs.values()
        if wanted in (None, job["TrainingJobStatus"])
    ]
    return {"TrainingJobSummaries": sorted(summaries, key=_newest_first)}


def _stop_job(given: Mapping[str, Any]) -> dict[str, Any]:
    job = find_job(given)
    if job["TrainingJobStatus"] != "InProgress":
        status = job["TrainingJobStatus"]
        raise RefusedError("ValidationException", f"the job is {status}; only InProgress can stop")
    _runs[job["TrainingJobArn"]].stop()
    return {}


def create_group(given: Mapping[str, Any]) -> dict[str, Any]:
    """Create a model package group."""
    name = _checked_name(given.get("ModelPackageGroupName"))
    if name in _groups:
        raise RefusedError("ConflictException", f"model package group {name} exists")
    _groups[name] = {
        "ModelPackageGroupName": name,
        "ModelPackageGroupArn": _arn("model-package-group", name),
        "ModelPackageGroupDescription": given.get("ModelPackageGroupDescription", ""),
        "CreationTime": time.time(),
        "ModelPackageGroupStatus": "Completed",
    }
    return {"ModelPackageGroupArn": _groups[name]["ModelPackageGroupArn"]}


def delete_group(given: Mapping[str, Any]) -> dict[str, Any]:
    """Delete a model package group."""
    group = _found(_groups, given.get("ModelPackageGroupName"))
    del _groups[group["ModelPackageGroupName"]]
    return {}


_CALLS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "CreateTrainingJob": lambda given: {"TrainingJobArn": create_job(given)["TrainingJobArn"]},
    "DescribeTrainingJob": find_job,
    "ListTrainingJobs": _list_jobs,
    "StopTrainingJob": _stop_job,
    "CreateModelPackageGroup": create_group,
    "DescribeModelPackageGroup": lambda given: _found(_groups, given.get("ModelPackageGroupName")),
    "ListModelPackageGroups": lambda _: {"ModelPackageGroupSummaryList": list(_groups.values())},
    "DeleteModelPackageGroup": delete_group,
}


async def handle_request(
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    query_params: dict[str, Any],
) -> tuple[int, dict[str, str], bytes]:
    """Answer one call of the SageMaker API."""
    name = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    call = _CALLS.get(name)
    try:
        if call is None:
            known = ", ".join(sorted(_CALLS))
            raise RefusedError(
                "UnknownOperationException", f"{name} is not emulated; there are: {known}"
            )
        return 200, dict(_JSON), json.dumps(call(json.loads(body or b"{}"))).encode()
    except RefusedError as error:
        refusal = {"__type": error.name, "message": str(error)}
        return 400, dict(_JSON), json.dumps(refusal).encode()


def get_state() -> dict[str, Any]:
    """Return what has to be saved."""
    return {"jobs": _jobs, "groups": _groups}


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restore the jobs; those that were running run again from their beginning."""
    _groups.update(data.get("groups", {}))
    _jobs.update(data.get("jobs", {}))
    for (_, region, name), job in _jobs._data.items():
        if job["TrainingJobStatus"] in ("InProgress", "Stopping"):
            job.update(TrainingJobStatus="InProgress", SecondaryStatus="Starting")
            when_ready(lambda job=job, region=region: _run(job, region), f"training-{name}")  # type: ignore[misc]


def reset() -> None:
    """Forget everything."""
    _jobs.clear()
    _groups.clear()


def _run(job: dict[str, Any], region: str) -> None:
    folder = Path(gettempdir()) / "training" / job["TrainingJobName"]
    run = TrainingRun(job, folder, region)
    _runs[job["TrainingJobArn"]] = run
    run.start()


def _found(store: Any, name: Any) -> dict[str, Any]:
    found: dict[str, Any] | None = store.get(name)
    if found is None:
        raise RefusedError("ValidationException", f"Requested resource not found: {name}")
    return found


def _checked_name(name: Any) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RefusedError(
            "ValidationException",
            f"name was {name!r}; use 1 to 63 letters, digits and dashes, no dash at an end",
        )
    return name


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{get_region()}:{get_account_id()}:{kind}/{name}"


def _newest_first(summary: Mapping[str, Any]) -> float:
    return -float(summary["CreationTime"])
