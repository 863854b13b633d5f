"""Run one training job's script in a process with the environment of a SageMaker container."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from local.emulator.training.files import (
    JobFolder,
    TrainingError,
    download,
    inside,
    pack,
    s3_client,
    split_uri,
    unpack,
)

if TYPE_CHECKING:
    from pathlib import Path

PYTHON_VARIABLE = "QZ_TRAINING_PYTHON"
_STOP_GRACE_SECONDS = 10.0
_DEFAULT_RUNTIME_SECONDS = 86_400
_TAIL_CHARACTERS = 900


class TrainingRun:
    """One run of a job; `job` is the description that DescribeTrainingJob returns."""

    def __init__(self, job: dict[str, Any], folder: Path, region: str) -> None:
        """Prepare; nothing runs until start."""
        self.job = job
        self._folder = JobFolder(folder)
        self._region = region
        self._stop_asked = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run on a thread of its own."""
        name = f"training-{self.job['TrainingJobName']}"
        threading.Thread(target=self._run, daemon=True, name=name).start()

    def stop(self) -> None:
        """Ask the script to end; it is killed after 10 s (AWS: 120 s)."""
        self.job.update(TrainingJobStatus="Stopping", SecondaryStatus="Stopping")
        self._stop_asked.set()

    def _run(self) -> None:
        try:
            end = self._train()
            self._upload()
        except (TrainingError, OSError) as error:
            end = {
                "TrainingJobStatus": "Failed",
                "SecondaryStatus": "Failed",
                "FailureReason": str(error)[:1024],
            }
        except Exception as error:
            end = {
                "TrainingJobStatus": "Failed",
                "SecondaryStatus": "Failed",
                "FailureReason": f"InternalServerError: {error!r}"[:1024],
            }
        self.job.update(end, TrainingEndTime=time.time(), LastModifiedTime=time.time())

    def _train(self) -> dict[str, str]:
        self._folder.make()
        client = s3_client(self._region)
        self.job["SecondaryStatus"] = "Downloading"
        channels = self._download_channels(client)
        program = self._source(client)
        self.job.update(SecondaryStatus="Training", TrainingStartTime=time.time())
        return self._execute(program, self._environment(channels))

    def _download_channels(self, client: Any) -> list[str]:
        channels = []
        for channel in self.job.get("InputDataConfig") or []:
            name = channel["ChannelName"]
            uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
            download(client, uri, inside(self._folder.channel("."), name))
            channels.append(name)
        return channels

    def _source(self, client: Any) -> Path:
        """Return the script, unpacked from the archive that the hyperparameters name."""
        address = self._hyperparameter("sagemaker_submit_directory")
        program = self._hyperparameter("sagemaker_program") or "train.py"
        if not address:
            raise TrainingError(
                "hyperparameter sagemaker_submit_directory was missing; "
                "set it to the s3:// address of the source archive"
            )
        for archive in download(client, address, self._folder.root / "source"):
            unpack(archive, self._folder.code)
        script = inside(self._folder.code, program)
        if not script.is_file():
            raise TrainingError(f"program {program!r} is not in the source archive {address}")
        return script

    def _hyperparameter(self, name: str) -> str:
        # The SageMaker SDK writes every hyperparameter as JSON, so texts come in quotes.
        return str((self.job.get("HyperParameters") or {}).get(name, "")).strip('"')

    def _environment(self, channels: list[str]) -> dict[str, str]:
        given = self.job.get("HyperParameters") or {}
        folder = self._folder
        (folder.config / "hyperparameters.json").write_text(json.dumps(given))
        (folder.config / "inputdataconfig.json").write_text(
            json.dumps({name: {} for name in channels})
        )
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": self._region,
            "AWS_REGION": self._region,
            "TRAINING_JOB_NAME": str(self.job["TrainingJobName"]),
            "SM_MODEL_DIR": str(folder.model),
            "SM_OUTPUT_DATA_DIR": str(folder.output),
            "SM_CHANNELS": json.dumps(channels),
            "SM_HPS": json.dumps(given),
            "SM_NUM_GPUS": "0",
            "SM_NUM_CPUS": str(os.cpu_count() or 1),
            "SM_CURRENT_HOST": "algo-1",
            "SM_HOSTS": '["algo-1"]',
            **{f"SM_CHANNEL_{name.upper()}": str(folder.channel(name)) for name in channels},
            **{f"SM_HP_{_variable(name)}": str(value) for name, value in given.items()},
            **(self.job.get("Environment") or {}),
        }

    def _execute(self, script: Path, environment: dict[str, str]) -> dict[str, str]:
        given = self.job.get("HyperParameters") or {}
        options = [
            text
            for name, value in given.items()
            if not name.startswith("sagemaker_")
            for text in (f"--{name}", str(value))
        ]
        python = os.environ.get(PYTHON_VARIABLE) or str(
            getattr(sys, "_base_executable", sys.executable)
        )
        with self._folder.log.open("wb") as log:
            self._process = subprocess.Popen(
                [python, str(script), *options],
                cwd=self._folder.code,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            return self._await_end(self._process)

    def _await_end(self, process: subprocess.Popen[bytes]) -> dict[str, str]:
        limits = self.job.get("StoppingCondition") or {}
        longest = float(limits.get("MaxRuntimeInSeconds") or _DEFAULT_RUNTIME_SECONDS)
        ends_at = time.monotonic() + longest
        while process.poll() is None:
            if self._stop_asked.wait(0.05):
                _end(process)
                return {"TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}
            if time.monotonic() > ends_at:
                _end(process)
                return {"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxRuntimeExceeded"}
        if process.returncode:
            tail = self._folder.log.read_text(errors="replace")[-_TAIL_CHARACTERS:]
            raise TrainingError(f"AlgorithmError: exit code {process.returncode}: {tail}")
        return {"TrainingJobStatus": "Completed", "SecondaryStatus": "Completed"}

    def _upload(self) -> None:
        """Store the model's archive; a stopped job leaves what it had, as on AWS."""
        if not any(self._folder.model.iterdir()):
            return
        self.job["SecondaryStatus"] = "Uploading"
        output = str(self.job["OutputDataConfig"]["S3OutputPath"]).rstrip("/")
        uri = f"{output}/{self.job['TrainingJobName']}/output/model.tar.gz"
        bucket, key = split_uri(uri)
        body = pack(self._folder.model)
        s3_client(self._region).put_object(Bucket=bucket, Key=key, Body=body)
        self.job["ModelArtifacts"] = {"S3ModelArtifacts": uri}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _variable(name: str) -> str:
    return name.upper().replace("-", "_")
