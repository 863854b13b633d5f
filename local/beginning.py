"""Where a start begins: from nothing, from the moment after the deployment, or where the last run stood.

The choice is always a barrier, never what one side alone saved last: after a kill the two would not belong together.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from local.barriers import DEPLOYED, Barriers, in_words
from quantumzero.domain.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.settings import LocalSettings

_PARTS = ("emulator", "exchange", "deployment")
_OPTIONS = ("data", "from", "cash", "strategy")


class Beginning:
    """Decides it from the state folder, before anything runs."""

    def __init__(
        self, settings: LocalSettings, barriers: Barriers, say: Callable[[str], None]
    ) -> None:
        self._settings = settings
        self._barriers = barriers
        self._say = say
        self._opened = settings.state / "deployment" / "opened.json"
        self._stopped = settings.state / "stopped.json"
        self.is_new = True

    def choose(self, sources: str, *, fresh: bool) -> str | None:
        """Return the barrier to begin from, None for nothing; drops a state that cannot be used.

        Raises RefusedError when the replay under way was started with other choices.
        """
        opened, common = self._read(self._opened), self._barriers.common()
        stopped = self._read(self._stopped)
        self._stopped.unlink(missing_ok=True)
        if fresh:
            if opened == self._wanted(sources) and DEPLOYED in common:
                self.is_new = False
                return DEPLOYED
            self._forget()
            return None
        if opened is None or not common:
            if opened is not None:
                self._say("emulator and exchange share no saved state; the replay starts over")
            self._forget()
            return None
        self._require_same_choices(opened["choices"])
        self.is_new = False
        newest = common[-1]
        clean = stopped is not None and stopped["barrier"] == newest
        self._say(
            f"going on from {in_words(newest)}"
            if clean
            else f"the last run was not stopped cleanly: going back to {in_words(newest)}, "
            "the newest state that emulator and exchange both saved"
        )
        return newest

    def require_same_cloud(self, deployed: str | None, *, fresh: bool) -> None:
        """Decide it for a cloud that the user keeps; raises RefusedError when that cloud cannot start over."""
        opened = self._read(self._opened)
        if deployed is None:
            self._forget()
            return
        if fresh or opened is None:
            raise RefusedError(
                "this LocalStack holds a replay already and cannot go back to its beginning; start "
                "an empty one (docs/localstack.md), or go on with `qz up` without --fresh and --once"
            )
        self._require_same_choices(opened["choices"])
        if self._read(self._stopped) is None:
            raise RefusedError(
                "the last run was not stopped cleanly, and LocalStack keeps no state to which both "
                "it and the exchange could go back; start an empty one (docs/localstack.md)"
            )
        self._stopped.unlink()
        self.is_new = False

    def record(self, sources: str) -> None:
        """Record that the account was opened with these sources and choices."""
        self._opened.parent.mkdir(parents=True, exist_ok=True)
        self._opened.write_text(json.dumps(self._wanted(sources)))

    def stopped(self, barrier: str) -> None:
        """Record that the run was stopped cleanly at that barrier."""
        self._stopped.write_text(json.dumps({"barrier": barrier}))

    def _wanted(self, sources: str) -> dict[str, Any]:
        return {"sources": sources, "choices": self._settings.choices}

    def _require_same_choices(self, chosen: dict[str, str]) -> None:
        now = self._settings.choices
        other = [
            f"--{name} was {chosen.get(name)} and is {now[name]}"
            for name in _OPTIONS
            if chosen.get(name) != now[name]
        ]
        if other:
            raise RefusedError(
                f"the replay in {self._settings.home} was started with other choices: "
                f"{'; '.join(other)}; give the same again to go on, or --fresh to start over"
            )

    def _forget(self) -> None:
        for part in _PARTS:
            shutil.rmtree(self._settings.state / part, ignore_errors=True)

    @staticmethod
    def _read(file: Any) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return found
