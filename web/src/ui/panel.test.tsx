import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { Panel, type PanelSource } from "./panel";

function show(change: Partial<PanelSource<string[]>>) {
  const refetch = vi.fn();
  const source: PanelSource<string[]> = {
    data: undefined,
    error: null,
    isPending: false,
    dataUpdatedAt: Date.now(),
    refetch,
    ...change,
  };
  render(
    <MantineProvider>
      <Panel
        title="Orders"
        source={source}
        staleAfter={10_000}
        isEmpty={(rows) => rows.length === 0}
        empty="Enable a strategy."
      >
        {(rows) => rows.join()}
      </Panel>
    </MantineProvider>,
  );
  return refetch;
}

describe("a panel", () => {
  test("says that it loads", () => {
    show({ isPending: true });
    expect(screen.getByRole("status").getAttribute("aria-label")).toBe("Loading Orders");
  });

  test("says what to do when there is nothing", () => {
    show({ data: [] });
    expect(screen.getByText("Enable a strategy.")).toBeTruthy();
  });

  test("shows a failure with the request's id and tries again when asked", async () => {
    const error = Object.assign(new Error("The request failed."), { requestId: "r-9" });
    const refetch = show({ error });
    expect(screen.getByRole("alert").textContent).toContain("r-9");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(refetch).toHaveBeenCalledTimes(1);
  });

  test("keeps what it had beside a failure to refresh it", () => {
    show({ data: ["kept"], error: new Error("down") });
    expect(screen.getByText(/kept/)).toBeTruthy();
    expect(screen.getByRole("alert").textContent).toContain("could not be refreshed");
  });

  test("marks old data with its age", () => {
    show({ data: ["old"], dataUpdatedAt: Date.now() - 65_000 });
    expect(screen.getByText("STALE 1 min")).toBeTruthy();
  });
});
