"""Alarms that tell the owner: plain metrics only, one topic for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions

if TYPE_CHECKING:
    from aws_cdk import aws_sns as sns
    from constructs import Construct


def alarm_above(
    scope: Construct,
    construct_id: str,
    *,
    metric: cloudwatch.IMetric,
    topic: sns.ITopic,
    meaning: str,
    threshold: float = 0,
    periods: int = 1,
) -> cloudwatch.Alarm:
    """Alarm when the metric is above the threshold; silence counts as health."""
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        alarm_description=meaning,
        threshold=threshold,
        evaluation_periods=periods,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    return alarm


def alarm_on_silence(
    scope: Construct,
    construct_id: str,
    *,
    metric: cloudwatch.IMetric,
    topic: sns.ITopic,
    meaning: str,
    periods: int,
    expected: bool = True,
) -> cloudwatch.Alarm:
    """Alarm when nothing succeeded for so many periods; `expected` is off where no schedule runs."""
    missing = cloudwatch.TreatMissingData
    alarm = cloudwatch.Alarm(
        scope,
        construct_id,
        metric=metric,
        alarm_description=meaning,
        threshold=1,
        evaluation_periods=periods,
        comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        treat_missing_data=missing.BREACHING if expected else missing.NOT_BREACHING,
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
    return alarm


def product_metric(
    name: str, service: str, *, minutes: int, statistic: str = "Sum"
) -> cloudwatch.Metric:
    """Name a metric that a function writes through powertools (dimension `service`)."""
    return cloudwatch.Metric(
        namespace="QuantumZero",
        metric_name=name,
        dimensions_map={"service": service},
        statistic=statistic,
        period=cdk.Duration.minutes(minutes),
    )
