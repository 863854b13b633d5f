"use strict";
for (const plot of document.querySelectorAll("[data-plot]")) {
  const source = plot.querySelector("script");
  if (!source) continue;
  const { times, lines } = JSON.parse(source.textContent);
  const output = plot.querySelector("output");
  const read = (event) => {
    const box = plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const place = Math.round(share * (times.length - 1));
    output.replaceChildren(...[["", times], ...lines].map(([label, values]) => {
      const row = document.createElement("span");
      row.textContent = label ? label + " " + values[place] : values[place];
      return row;
    }));
    const left = times.length > 1 ? place / (times.length - 1) : 0;
    output.style.setProperty("--left", left * 100 + "%");
    output.classList.toggle("flip", left > 0.5);
    output.hidden = false;
  };
  plot.addEventListener("pointermove", read);
  plot.addEventListener("pointerdown", read);
  plot.addEventListener("pointerleave", () => { output.hidden = true; });
}
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const value = (row, column) => {
    const cell = row.cells[column];
    const data = cell.querySelector("data");
    const text = data ? data.value : cell.textContent.replaceAll(",", "").replace("\u2212", "-");
    const figure = Number(text.replace("+", ""));
    return text !== "" && Number.isFinite(figure) ? figure : text;
  };
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const sorted = [...body.rows].sort((one, two) => {
        const a = value(one, column), b = value(two, column);
        const order = typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
        return up ? order : -order;
      });
      body.append(...sorted);
    });
  });
}
const folds = () => document.querySelectorAll("details");
addEventListener("beforeprint", () => folds().forEach((fold) => { fold.dataset.was = fold.open; fold.open = true; }));
addEventListener("afterprint", () => folds().forEach((fold) => { fold.open = fold.dataset.was === "true"; }));
