import type { UserPool } from "../auth/cognito";

/** What differs between deployments, read at start from /config.json: one build serves any account. */
export interface AppConfig {
  stage: "local" | "paper" | "live";
  region: string;
  userPoolId: string;
  userPoolClientId: string;
  cognitoEndpoint: string;
  /** Empty where the API shares the page's origin. */
  apiBase: string;
}

const FIELDS = ["region", "userPoolId", "userPoolClientId", "cognitoEndpoint", "apiBase"] as const;
const STAGES = ["local", "paper", "live"];

/** Check the shape of a configuration; the message names the field, what it was and what it may be. */
export function parseConfig(value: unknown): AppConfig {
  if (typeof value !== "object" || value === null) {
    throw new Error("config.json was not an object; deploy the site again to write it.");
  }
  const config = value as Record<string, unknown>;
  if (typeof config.stage !== "string" || !STAGES.includes(config.stage)) {
    throw new Error(
      `config.json: stage was ${JSON.stringify(config.stage)}; it may be ${STAGES.join(", ")}.`,
    );
  }
  for (const field of FIELDS) {
    if (typeof config[field] !== "string") {
      throw new Error(
        `config.json: ${field} was ${JSON.stringify(config[field])}; it must be a text.`,
      );
    }
  }
  return config as unknown as AppConfig;
}

/** Fetch the configuration of this deployment. */
export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch("/config.json", { cache: "no-store" });
  if (!response.ok)
    throw new Error(`config.json answered ${response.status}; deploy the site again.`);
  return parseConfig(await response.json());
}

export function userPoolOf(config: AppConfig): UserPool {
  return {
    endpoint: config.cognitoEndpoint,
    userPoolId: config.userPoolId,
    clientId: config.userPoolClientId,
  };
}
