import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { AuthProvider } from "./auth-context";
import { AuthStore } from "./auth-store";
import { SignIn } from "./sign-in";
import { SignInError, type SignInStep } from "./session";

const signedIn: SignInStep = {
  kind: "signed_in",
  session: {
    accessToken: "t",
    refreshToken: null,
    expiresAt: Number.MAX_SAFE_INTEGER,
    username: "trader",
    groups: [],
  },
};

function show(signIn: () => Promise<SignInStep>, notice: string | null = null): AuthStore {
  const store = new AuthStore({ signIn, refresh: () => Promise.reject(new Error("no")) });
  render(
    <MantineProvider>
      <AuthProvider store={store}>
        <SignIn notice={notice} stage={null} />
      </AuthProvider>
    </MantineProvider>,
  );
  return store;
}

async function fillIn(): Promise<void> {
  await userEvent.type(screen.getByLabelText(/User name/), "trader");
  await userEvent.type(screen.getByLabelText(/^Password/), "secret");
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

describe("the sign-in form", () => {
  test("signs in", async () => {
    const store = show(() => Promise.resolve(signedIn));
    await fillIn();
    expect(store.read().status).toBe("signed_in");
  });

  test("says why the sign-in was refused", async () => {
    show(() =>
      Promise.reject(new SignInError("NotAuthorizedException", "The password is not right.")),
    );
    await fillIn();
    expect((await screen.findByRole("alert")).textContent).toContain("not right");
  });

  test("asks for a new password when the user pool does", async () => {
    const store = show(() =>
      Promise.resolve({ kind: "new_password", answer: () => Promise.resolve(signedIn) }),
    );
    await fillIn();
    await userEvent.type(await screen.findByLabelText(/New password/), "better");
    await userEvent.click(screen.getByRole("button", { name: "Set the password" }));
    expect(store.read().status).toBe("signed_in");
  });

  test("says why the last session ended", () => {
    show(() => Promise.resolve(signedIn), "Your session ended.");
    expect(screen.getByRole("status").textContent).toContain("Your session ended.");
  });
});
