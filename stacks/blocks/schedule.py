"""A schedule in New York time with its own role and a dead-letter queue; off in the local stage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from stacks.blocks.access import KEY_ACTIONS, statement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stacks.blocks.area import Area

# Scheduler puts the planned time in, so a late delivery still knows which minute it stands for.
_PLANNED = {"scheduled_at": "<aws.scheduler.scheduled-time>"}


class Schedule(Construct):
    """Call one target by the clock; the local replay calls the same targets by its own clock."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        area: Area,
        expression: str,
        action: str,
        target_arn: str,
        message: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        role.add_to_policy(statement([action], [target_arn]))
        role.add_to_policy(statement(["sqs:SendMessage"], [area.dead_letters.arn]))
        role.add_to_policy(statement(KEY_ACTIONS, [area.key.key_arn]))
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            schedule_expression=expression,
            schedule_expression_timezone="America/New_York",
            state="DISABLED" if area.stage.is_local else "ENABLED",
            flexible_time_window={"mode": "OFF"},
            target=scheduler.CfnSchedule.TargetProperty(
                arn=target_arn,
                role_arn=role.role_arn,
                input=json.dumps({**_PLANNED, **(message or {})}),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=area.dead_letters.arn
                ),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_event_age_in_seconds=300, maximum_retry_attempts=2
                ),
            ),
        )
        schedule.node.add_dependency(role)
