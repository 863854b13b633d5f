"""Alerts of the ledger as messages on the owner's alarm topic, which sends them by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from quantumzero.adapters.aws.ledger_table import time_of, values_of
from quantumzero.domain.errors import UnavailableError
from quantumzero.ports.ledger import LedgerAlert

if TYPE_CHECKING:
    from quantumzero.adapters.aws.ledger_table import Item

# A subject of the topic is one line of ASCII, at most 100 characters.
_SUBJECT = 100


class AlertMail:
    """Tells a person of one alert. The client is botocore's, made by bootstrap."""

    def __init__(self, sns: Any, topic: str, account: str) -> None:
        self._sns = sns
        self._topic = topic
        self._account = account

    def send(self, image: Item) -> LedgerAlert:
        """Publish the alert of a new item in the ledger's change stream, and return it.

        Raises UnavailableError when the topic did not take it.
        """
        alert = _alert(image)
        line = " ".join(f"QuantumZero {self._account} {alert.severity}: {alert.message}".split())
        subject = line.encode("ascii", "replace").decode()[:_SUBJECT]
        text = (
            f"{alert.message}\n\n{alert.severity}, account {self._account}, market time "
            f"{alert.time:%Y-%m-%d %H:%M:%S} UTC, alert {alert.id}\n"
            "What it means and what to do: docs/runbooks/README.md"
        )
        try:
            self._sns.publish(TopicArn=self._topic, Subject=subject, Message=text)
        except (BotoCoreError, ClientError) as error:
            raise UnavailableError(f"alert {alert.id} could not be published: {error}") from error
        return alert


def _alert(image: Item) -> LedgerAlert:
    values = values_of(image)
    return LedgerAlert(values["id"], time_of(values["time"]), values["severity"], values["message"])
