"""Run SageMaker training jobs, also from Step Functions, and know model package groups.

AWS: CreateTrainingJob runs a script in a container; Step Functions starts one with
`sagemaker:createTrainingJob` and waits for it with `.sync`.
ministack: has no SageMaker at all; a state machine that uses it fails and a template with a
SageMaker resource is refused whole.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from ministack import app as ministack
from ministack.core import router
from ministack.services import stepfunctions
from ministack.services.cloudformation import provisioners

from local.emulator.lifecycle import STOPPING
from local.emulator.sources import expect
from local.emulator.training import service

_NAME = "sagemaker"
_RESOURCE = "arn:aws:states:::sagemaker:createTrainingJob"
_POLL_SECONDS = 0.05


def apply() -> None:
    """Register the service with the router, the state files, Step Functions and CloudFormation."""
    expect(stepfunctions._invoke_resource, "return handler(resource, input_data)")
    expect(ministack._get_module, "mod = _loaded_modules.get(name)")
    ministack.SERVICE_HANDLERS[_NAME] = service.handle_request
    ministack._loaded_modules[_NAME] = sys.modules[service.__name__]
    ministack._state_map[_NAME] = _NAME
    router.SERVICE_PATTERNS[_NAME] = {
        "target_prefixes": ["SageMaker."],
        "host_patterns": [r"api\.sagemaker\."],
    }
    stepfunctions._SERVICE_DISPATCH[_RESOURCE] = _train_from_state_machine
    provisioners._RESOURCE_HANDLERS["AWS::SageMaker::ModelPackageGroup"] = {
        "create": _create_group,
        "delete": _delete_group,
    }


def _train_from_state_machine(resource: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        job = _started_or_resumed(given)
    except service.RefusedError as error:
        raise stepfunctions._ExecutionError(f"SageMaker.{error.name}", str(error)) from error
    if not resource.endswith(".sync"):
        return {"TrainingJobArn": job["TrainingJobArn"]}
    while job["TrainingJobStatus"] in ("InProgress", "Stopping") and not STOPPING.is_set():
        time.sleep(_POLL_SECONDS)
    if job["TrainingJobStatus"] != "Completed":
        raise stepfunctions._ExecutionError("States.TaskFailed", json.dumps(job))
    return dict(job)


def _started_or_resumed(given: dict[str, Any]) -> dict[str, Any]:
    """Start the job, or take the same one up again when an execution resumes after a restart."""
    try:
        return service.create_job(given)
    except service.RefusedError:
        job = service.find_job(given)
        if any(job.get(field) != value for field, value in given.items()):
            raise
        return job


def _create_group(
    logical_id: str, props: dict[str, Any], stack_name: str
) -> tuple[str, dict[str, Any]]:
    named = {"ModelPackageGroupName": f"{stack_name}-{logical_id}"[:63], **props}
    arn = service.create_group(named)["ModelPackageGroupArn"]
    return arn, {"ModelPackageGroupArn": arn, "ModelPackageGroupStatus": "Completed"}


def _delete_group(physical_id: str, props: dict[str, Any]) -> None:
    name = physical_id.rsplit("/", 1)[-1]
    service.delete_group({"ModelPackageGroupName": name})
