"""The report in Chromium: nothing fails, nothing is fetched, all can be read, light and dark, wide and narrow."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from cli.chromium import find_chromium
from quantumzero.research.report import SECTIONS, render_report
from tests.fakes.crossing_backtest import crossing_backtest
from tests.fakes.real_bars import closing_times_and_closes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timeout(180)

LIGHT, DARK = 1, 0
# WCAG 2.1 AA, text of normal size.
LEAST_CONTRAST = 4.5
# Looks at the page from inside, uses what can be used, and tells the page around it.
PROBE = """
<script>
addEventListener("load", () => {
  const number = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = number(getComputedStyle(at).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const contrast = (element) => {
    const one = light(number(getComputedStyle(element).color));
    const two = light(behind(element));
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
  };
  const shown = (element) => element.getBoundingClientRect().height > 0;
  const column = () => [...document.querySelectorAll("#trades tbody tr")]
    .map((row) => Number(row.cells[10].textContent.replaceAll(",", "").replace("\\u2212", "-")));
  const profit = document.querySelectorAll("#trades thead button")[10];
  const before = column();
  profit.click();
  const up = column();
  profit.click();
  const plot = document.querySelector("#drawdown [data-plot]");
  const box = plot.getBoundingClientRect();
  plot.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + box.width / 2, clientY: box.top + 5 }));
  const linear = shown(document.querySelector(".on-linear"));
  document.querySelector("#scale-log").click();
  const texts = [...document.querySelectorAll("main *, nav *")].filter((element) =>
    shown(element) && !element.closest("svg, .heat") &&
    [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
  parent.postMessage(JSON.stringify({
    sections: [...document.querySelectorAll("section")].filter(shown).map((each) => each.id),
    curves: [...document.querySelectorAll("svg path.line")].filter((path) => path.getTotalLength() > 100).length,
    titled: [...document.querySelectorAll("svg")]
      .every((svg) => svg.querySelector("title") && svg.querySelector("desc")),
    fetched: performance.getEntriesByType("resource").map((each) => each.name),
    background: getComputedStyle(document.body).backgroundColor,
    faint: texts
      .map((element) => [element.className || element.tagName, element.textContent, contrast(element)])
      .filter(([, , ratio]) => ratio < 4.5),
    before, up, down: column(),
    linear, log: shown(document.querySelector(".on-log")) && !shown(document.querySelector(".on-linear")),
    reading: plot.querySelector("output").textContent,
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  }), "*");
});
</script>
"""
AROUND = """<!doctype html><meta name="color-scheme" content="light dark"><body style="margin:0">
<pre></pre><script>addEventListener("message", (event) => {
  document.querySelector("pre").textContent = event.data;
});</script><iframe src="report.html" style="border:0;height:3000px;width:WIDTHpx"></iframe>"""


@dataclass(frozen=True, slots=True)
class Look:
    """What Chromium saw: the page's facts, and its console, which tells what the policy blocked."""

    facts: dict[str, Any]
    console: list[str]


def look(folder: Path, *, scheme: int, width: int) -> Look:
    """Open the report in a frame of that width under that colour scheme."""
    (folder / "around.html").write_text(AROUND.replace("WIDTH", str(width)), encoding="utf-8")
    done = subprocess.run(
        (
            find_chromium() or "chromium",
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"),
            *("--disable-background-networking", "--disable-component-update"),
            *("--enable-logging=stderr", "--virtual-time-budget=4000", "--window-size=1400,3200"),
            f"--user-data-dir={folder / 'profile'}",
            f"--blink-settings=preferredColorScheme={scheme}",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--dump-dom",
            (folder / "around.html").as_uri(),
        ),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert told is not None, done.stderr[-3000:]
    assert told[1], done.stderr[-3000:]
    return Look(
        facts=json.loads(unescape(told[1])),
        console=[line for line in done.stderr.splitlines() if "CONSOLE" in line],
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the report of real bars, and with a probe inside it."""
    page = render_report(crossing_backtest(*closing_times_and_closes("GOOG")))
    probed = page.replace("</body>", f"{PROBE}</body>")
    (tmp_path / "report.html").write_text(probed, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_the_report_can_be_read_and_used_without_a_network(
    folder: Path, scheme: int, width: int
) -> None:
    seen = look(folder, scheme=scheme, width=width)
    assert seen.console == []
    facts = seen.facts
    assert facts["fetched"] == []
    assert facts["sections"] == [name for name, _, _ in SECTIONS]
    assert facts["curves"] >= 6
    assert facts["titled"]
    assert facts["background"] == ("rgb(246, 247, 249)" if scheme == LIGHT else "rgb(13, 17, 22)")
    assert facts["faint"] == []
    assert facts["overflow"] <= 0
    assert facts["up"] == sorted(facts["before"])
    assert facts["down"] == sorted(facts["before"], reverse=True)
    assert facts["linear"]
    assert facts["log"]
    assert re.search(r"20\d\d-\d\d-\d\dDrawdown ", facts["reading"])
