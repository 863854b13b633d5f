"""SageMaker training jobs run their script, from a call and from a state machine."""

from __future__ import annotations

import io
import json
import tarfile
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local_cloud.emulator.cloud import until

if TYPE_CHECKING:
    from tests.local_cloud.emulator.cloud import Cloud

BUCKET = "training"
SCRIPT = """
import argparse, os, pathlib, sys
given = argparse.ArgumentParser()
given.add_argument("--rate", type=float)
rate = given.parse_args().rate
if rate < 0:
    sys.exit("rate was negative")
rows = (pathlib.Path(os.environ["SM_CHANNEL_TRAIN"]) / "part-1.csv").read_text().splitlines()
(pathlib.Path(os.environ["SM_MODEL_DIR"]) / "model.txt").write_text(f"{len(rows)} rows at {rate}")
"""
ENDLESS = "import time\ntime.sleep(60)\n"


def test_a_job_runs_its_script_on_its_channel_and_leaves_its_model(cloud: Cloud) -> None:
    job = _job(cloud, SCRIPT)
    sagemaker = cloud.client("sagemaker")
    sagemaker.create_training_job(**job)
    done = _ended(cloud, job["TrainingJobName"])
    assert done["TrainingJobStatus"] == "Completed", done.get("FailureReason")
    uri = done["ModelArtifacts"]["S3ModelArtifacts"]
    assert _model(cloud, uri) == "3 rows at 0.5"
    with pytest.raises(ClientError, match="ResourceInUse"):
        sagemaker.create_training_job(**job)
    listed = sagemaker.list_training_jobs(StatusEquals="Completed")["TrainingJobSummaries"]
    assert job["TrainingJobName"] in [one["TrainingJobName"] for one in listed]


def test_a_script_that_fails_fails_the_job_with_what_it_said(cloud: Cloud) -> None:
    job = _job(cloud, SCRIPT, rate="-1")
    cloud.client("sagemaker").create_training_job(**job)
    done = _ended(cloud, job["TrainingJobName"])
    assert done["TrainingJobStatus"] == "Failed"
    assert "AlgorithmError: exit code 1: rate was negative" in done["FailureReason"]


def test_a_job_can_be_stopped_and_has_a_time_limit(cloud: Cloud) -> None:
    sagemaker = cloud.client("sagemaker")
    stopped, limited = _job(cloud, ENDLESS), _job(cloud, ENDLESS)
    limited["StoppingCondition"] = {"MaxRuntimeInSeconds": 1}
    for job in (stopped, limited):
        sagemaker.create_training_job(**job)
    sagemaker.stop_training_job(TrainingJobName=stopped["TrainingJobName"])
    assert _ended(cloud, stopped["TrainingJobName"])["TrainingJobStatus"] == "Stopped"
    end = _ended(cloud, limited["TrainingJobName"])
    assert (end["TrainingJobStatus"], end["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    with pytest.raises(ClientError, match="only InProgress can stop"):
        sagemaker.stop_training_job(TrainingJobName=stopped["TrainingJobName"])


def test_an_archive_that_leads_out_of_its_folder_is_refused(cloud: Cloud) -> None:
    job = _job(cloud, SCRIPT, member="../outside.py")
    cloud.client("sagemaker").create_training_job(**job)
    done = _ended(cloud, job["TrainingJobName"])
    assert done["TrainingJobStatus"] == "Failed"
    assert "source archive source.tar.gz was refused" in done["FailureReason"]


def test_a_state_machine_waits_for_the_job_and_sees_its_failure(cloud: Cloud) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
        "Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Failed"}],
        "End": True,
    }
    machine = cloud.machine({"Train": task, "Failed": {"Type": "Fail", "Error": "Seen"}})
    good = cloud.ended(cloud.start(machine, "good", _job(cloud, SCRIPT)))
    assert json.loads(good["output"])["TrainingJobStatus"] == "Completed"
    bad = cloud.ended(cloud.start(machine, "bad", _job(cloud, SCRIPT, rate="-1")))
    assert (bad["status"], bad["error"]) == ("FAILED", "Seen")


def test_a_template_can_make_a_model_package_group_and_allow_cors(cloud: Cloud) -> None:
    template = {
        "Resources": {
            "Models": {
                "Type": "AWS::SageMaker::ModelPackageGroup",
                "Properties": {"ModelPackageGroupName": "champions"},
            },
            "Api": {
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {
                    "Name": "api",
                    "ProtocolType": "HTTP",
                    "CorsConfiguration": {"AllowOrigins": ["http://a.test"], "MaxAge": 5},
                },
            },
        },
        "Outputs": {"ApiId": {"Value": {"Ref": "Api"}}},
    }
    formation = cloud.client("cloudformation")
    formation.create_stack(StackName="with-models", TemplateBody=json.dumps(template))

    def created() -> Any:
        (stack,) = formation.describe_stacks(StackName="with-models")["Stacks"]
        assert "FAILED" not in stack["StackStatus"], stack
        return stack if stack["StackStatus"] == "CREATE_COMPLETE" else None

    (output,) = until(created)["Outputs"]
    group = cloud.client("sagemaker").describe_model_package_group(
        ModelPackageGroupName="champions"
    )
    assert group["ModelPackageGroupStatus"] == "Completed"
    api = cloud.client("apigatewayv2").get_api(ApiId=output["OutputValue"])
    assert api["CorsConfiguration"] == {"AllowOrigins": ["http://a.test"], "MaxAge": 5}


def _job(cloud: Cloud, script: str, rate: str = "0.5", member: str = "train.py") -> dict[str, Any]:
    name = f"job-{uuid.uuid4().hex[:8]}"
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key=f"{name}/train/part-1.csv", Body=b"1\n2\n3\n")
    s3.put_object(Bucket=BUCKET, Key=f"{name}/source.tar.gz", Body=_archive(script, member))
    return {
        "TrainingJobName": name,
        "RoleArn": "arn:aws:iam::000000000000:role/training",
        "AlgorithmSpecification": {"TrainingImage": "local", "TrainingInputMode": "File"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Prefix",
                        "S3Uri": f"s3://{BUCKET}/{name}/train/",
                    }
                },
            }
        ],
        "HyperParameters": {
            "rate": rate,
            "sagemaker_program": "train.py",
            "sagemaker_submit_directory": f"s3://{BUCKET}/{name}/source.tar.gz",
        },
    }


def _archive(script: str, member: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        info = tarfile.TarInfo(member)
        info.size = len(script)
        archive.addfile(info, io.BytesIO(script.encode()))
    return packed.getvalue()


def _ended(cloud: Cloud, name: str) -> Any:
    def finished() -> Any:
        job = cloud.client("sagemaker").describe_training_job(TrainingJobName=name)
        return job if job["TrainingJobStatus"] not in ("InProgress", "Stopping") else None

    return until(finished, 15)


def _model(cloud: Cloud, uri: str) -> str:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = cloud.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        member = archive.extractfile("./model.txt")
        assert member is not None
        return member.read().decode()
