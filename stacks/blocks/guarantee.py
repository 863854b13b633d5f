"""An alarm on the absence of success: silence of a repair job is itself the trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from stacks.blocks.alarms import alarm_on_silence, product_metric

if TYPE_CHECKING:
    from stacks.blocks.area import Area
    from stacks.blocks.python_function import PythonFunction


class Guarantee(Construct):
    """Alarm when a function that must succeed every few minutes has missed three turns."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        area: Area,
        function: PythonFunction,
        every: int,
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarm = alarm_on_silence(
            self,
            "Missing",
            metric=product_metric("Succeeded", function.name, minutes=every),
            topic=area.alarms,
            meaning=f"{function.name} has not succeeded for {3 * every} minutes: "
            "orders and books are no longer checked against the broker; halt trading.",
            periods=3,
            expected=not area.stage.is_local,  # the replay's clock calls it there, not a schedule
        )
