import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import type { ZoneChoice } from "./time";

export type ProfitColours = "blue_orange" | "green_red";

interface Preferences {
  zone: ZoneChoice;
  profitColours: ProfitColours;
}

interface PreferencesContext extends Preferences {
  change: (change: Partial<Preferences>) => void;
}

const STORAGE_KEY = "quantumzero.preferences";
const defaults: Preferences = { zone: "exchange", profitColours: "blue_orange" };

const Context = createContext<PreferencesContext>({ ...defaults, change: () => undefined });

function read(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as Partial<Preferences>;
    return {
      zone: stored.zone === "local" || stored.zone === "utc" ? stored.zone : defaults.zone,
      profitColours: stored.profitColours === "green_red" ? "green_red" : defaults.profitColours,
    };
  } catch {
    // A browser that refuses storage, or a text that is not ours: the defaults serve.
    return defaults;
  }
}

/** Keep what the reader chose about time and colour, in this browser. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(read);

  useEffect(() => {
    document.documentElement.dataset.profitColours = preferences.profitColours;
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
    } catch {
      // Storage is full or refused: the choice lasts until the page closes.
    }
  }, [preferences]);

  const value = useMemo(
    () => ({
      ...preferences,
      change: (change: Partial<Preferences>) => {
        setPreferences((before) => ({ ...before, ...change }));
      },
    }),
    [preferences],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): PreferencesContext {
  return use(Context);
}
