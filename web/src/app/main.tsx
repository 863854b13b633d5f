import "@mantine/core/styles.css";
import "../ui/theme.css";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { loadConfig } from "./config";

const element = document.getElementById("root");
if (!element) throw new Error("index.html has no element with the id root.");

try {
  createRoot(element).render(<App config={await loadConfig()} />);
} catch (error) {
  // Nothing is rendered yet, so the message must not depend on any component.
  element.textContent = `QuantumZero cannot start: ${error instanceof Error ? error.message : String(error)}`;
}
