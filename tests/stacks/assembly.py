"""Synthesised stages in memory: templates by stack, and questions that find resources by their type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from stacks.application import build_application

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a template, under its stack's name and its logical id."""

    stack: str
    logical_id: str
    body: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, Any]:
        return self.body.get("Properties", {})

    def __str__(self) -> str:
        return f"{self.stack}/{self.logical_id}"


@dataclass(frozen=True, slots=True)
class Assembly:
    """All stacks of one stage as CloudFormation would get them."""

    stage: str
    templates: Mapping[str, Mapping[str, Any]]
    findings: tuple[str, ...]
    reasons: tuple[str, ...]

    def every(self, kind: str) -> list[Resource]:
        """Return all resources of one type; none is a mistake of the question."""
        found = [resource for resource in self.resources() if resource.body["Type"] == kind]
        assert found, f"no {kind} in stage {self.stage}"
        return found

    def resources(self) -> Iterator[Resource]:
        for stack, template in self.templates.items():
            for logical_id, body in template["Resources"].items():
                yield Resource(stack, logical_id, body)

    def outputs(self) -> Iterator[tuple[str, str]]:
        for stack, template in self.templates.items():
            for key in template.get("Outputs", {}):
                yield stack, key

    def function(self, name: str) -> Resource:
        """Return the function that calls itself by this name in logs and metrics."""
        (found,) = (
            resource
            for resource in self.every("AWS::Lambda::Function")
            if _variables(resource)["POWERTOOLS_SERVICE_NAME"] == name
        )
        return found

    def variables(self, name: str) -> Mapping[str, Any]:
        return _variables(self.function(name))


def synthesise(stage: str, folder: Path, **context: Any) -> Assembly:
    """Synthesise a stage into a folder, with the checks on and without bundling layers."""
    settings = json.loads((ROOT / "cdk.json").read_text())["context"]
    folder.mkdir(parents=True)
    site = folder / "site"
    site.mkdir()
    (site / "index.html").write_text("<!doctype html><title>QuantumZero</title>")
    choices = {"stage": stage, "nag": "true", "site": str(site), "aws:cdk:bundling-stacks": []}
    app = cdk.App(outdir=str(folder / "out"), context={**settings, **choices, **context})
    build_application(app)
    findings = checked(app, folder / "out")
    return _read(stage, folder / "out", findings)


def checked(app: cdk.App, folder: Path) -> tuple[str, ...]:
    """Synthesise and name what the checks found: rule and place of each violation."""
    try:
        app.synth()
    except RuntimeError as error:
        if "ValidationFailed" not in str(error):
            raise
    report = json.loads((folder / "validation-report.json").read_text())
    return tuple(
        f"{violation['ruleName']} at {place['constructPath']}"
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for place in violation["violatingConstructs"]
    )


def _read(stage: str, folder: Path, findings: tuple[str, ...]) -> Assembly:
    templates = {
        path.name.removesuffix(".template.json"): json.loads(path.read_text())
        for path in sorted(folder.glob("*.template.json"))
    }
    reasons = [
        reason
        for path in sorted(folder.glob("*.metadata.json"))
        for entries in json.loads(path.read_text()).values()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for reason in entry["data"].values()
    ]
    return Assembly(stage, templates, findings, tuple(reasons))


def _variables(function: Resource) -> Mapping[str, Any]:
    variables: Mapping[str, Any] = function.properties["Environment"]["Variables"]
    return variables
