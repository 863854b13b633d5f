import { describe, expect, test, vi } from "vitest";
import { AuthStore } from "./auth-store";
import { SignInError, sessionFrom, type Authenticator, type Session } from "./session";

const NOW = 1_000_000;

function session(token: string, lifetime: number): Session {
  return {
    accessToken: token,
    refreshToken: "refresh",
    expiresAt: NOW + lifetime,
    username: "trader",
    groups: ["trader"],
  };
}

function store(change: Partial<Authenticator>, lifetime = 3_600_000): AuthStore {
  const authenticator: Authenticator = {
    signIn: () => Promise.resolve({ kind: "signed_in", session: session("first", lifetime) }),
    refresh: () => Promise.resolve(session("second", 3_600_000)),
    ...change,
  };
  return new AuthStore(authenticator, () => NOW);
}

describe("the session", () => {
  test("starts with a sign-in and hands out its token", async () => {
    const auth = store({});
    await auth.signIn("trader", "secret");
    expect(auth.read().status).toBe("signed_in");
    expect(await auth.accessToken()).toBe("first");
  });

  test("tells those who watch it", async () => {
    const auth = store({});
    const listener = vi.fn();
    const leave = auth.subscribe(listener);
    await auth.signIn("trader", "secret");
    leave();
    auth.signOut();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test("renews a token that is about to end, once for all who wait", async () => {
    const refresh = vi.fn(() => Promise.resolve(session("second", 3_600_000)));
    const auth = store({ refresh }, 30_000);
    await auth.signIn("trader", "secret");
    const tokens = await Promise.all([auth.accessToken(), auth.accessToken()]);
    expect(tokens).toEqual(["second", "second"]);
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test("does not renew again for a token that was replaced already", async () => {
    const refresh = vi.fn(() => Promise.resolve(session("second", 3_600_000)));
    const auth = store({ refresh });
    await auth.signIn("trader", "secret");
    await auth.renew("first");
    expect(await auth.renew("first")).toBe("second");
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  test("ends with a sentence when it cannot be renewed", async () => {
    const refresh = () => Promise.reject(new SignInError("NotAuthorizedException", "Expired."));
    const auth = store({ refresh }, 30_000);
    await auth.signIn("trader", "secret");
    await expect(auth.accessToken()).rejects.toThrow("Expired.");
    const state = auth.read();
    expect(state.status === "signed_out" && state.notice).toContain("Sign in again");
  });

  test("waits for the answer to one more question", async () => {
    const step = {
      kind: "code" as const,
      answer: () => Promise.resolve({ kind: "signed_in" as const, session: session("first", 9e6) }),
    };
    const auth = store({ signIn: () => Promise.resolve(step) });
    const asked = await auth.signIn("trader", "secret");
    expect(auth.read().status).toBe("signed_out");
    if (asked.kind === "code") await asked.answer("123456");
    expect(auth.read().status).toBe("signed_in");
  });
});

test("a session is read from the token's claims", () => {
  const claims = { exp: 5, username: "zo\u00eb", sub: "1", "cognito:groups": ["admin"] };
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const payload = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
  expect(sessionFrom(`h.${payload.replaceAll("=", "")}.s`, null)).toMatchObject({
    username: "zo\u00eb",
    groups: ["admin"],
    expiresAt: 5_000,
  });
});
