"""Reading decisions and scoring them: settings and ready use cases, light enough for the order path."""

from __future__ import annotations

from functools import cache

import msgspec

from quantumzero.adapters.aws.decisions import DynamoDecisionReader, DynamoUnorderedDecisions
from quantumzero.adapters.aws.models import DynamoModelRegistry
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings
from quantumzero.usecases.infer_signal import InferSignal


class DecisionSettings(msgspec.Struct, frozen=True):
    """Environment of whoever reads decisions."""

    table_decisions: str


class RegistrySettings(msgspec.Struct, frozen=True):
    """Environment of whoever asks for a champion."""

    table_strategies: str


@cache
def decision_reader() -> DynamoDecisionReader:
    """Return the process's view of the decisions."""
    return DynamoDecisionReader(client("dynamodb"), read_settings(DecisionSettings).table_decisions)


@cache
def unordered_decisions() -> DynamoUnorderedDecisions:
    """Return the process's view of the decisions without an order."""
    table = read_settings(DecisionSettings).table_decisions
    return DynamoUnorderedDecisions(client("dynamodb"), table)


@cache
def model_registry() -> DynamoModelRegistry:
    """Return the process's view of the approved models."""
    return DynamoModelRegistry(client("dynamodb"), read_settings(RegistrySettings).table_strategies)


@cache
def infer_signal() -> InferSignal:
    """Return the process's scoring of decisions."""
    return InferSignal(decisions=decision_reader(), registry=model_registry())
