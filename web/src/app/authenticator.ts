import { refreshSession, signInByPassword, signInBySrp } from "../auth/cognito";
import type { Authenticator } from "../auth/session";
import { userPoolOf, type AppConfig } from "./config";

/** Choose the way to sign in: the password itself on this machine, Secure Remote Password elsewhere. */
export function authenticatorFor(config: AppConfig): Authenticator {
  const pool = userPoolOf(config);
  return {
    signIn: (username, password) =>
      config.stage === "local"
        ? signInByPassword(pool, username, password)
        : signInBySrp(pool, username, password),
    refresh: (session) => refreshSession(pool, session),
  };
}
