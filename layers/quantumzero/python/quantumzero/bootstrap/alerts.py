"""Alerts to a person: settings from the environment -> the ready sender, once a process."""

from __future__ import annotations

from functools import cache

import msgspec

from quantumzero.adapters.aws.alert_mail import AlertMail
from quantumzero.bootstrap.aws import client
from quantumzero.bootstrap.settings import read_settings


class AlertSettings(msgspec.Struct, frozen=True):
    """Environment of send_alerts."""

    account: str
    topic_alarms: str


@cache
def alert_mail() -> AlertMail:
    """Return the sender to the owner's alarm topic."""
    settings = read_settings(AlertSettings)
    return AlertMail(client("sns"), settings.topic_alarms, settings.account)
