import type { Authenticator, Session, SignInStep } from "./session";

export type AuthState =
  { status: "signed_out"; notice: string | null } | { status: "signed_in"; session: Session };

/** Renew this long before the token's end, so that no request leaves with a dying token. */
const RENEW_BEFORE = 60_000;

/** Holds the session in memory, renews it, and says when a new sign-in is needed. */
export class AuthStore {
  private state: AuthState = { status: "signed_out", notice: null };
  private readonly listeners = new Set<() => void>();
  private renewal: Promise<string> | null = null;

  constructor(
    private readonly authenticator: Authenticator,
    private readonly now: () => number = Date.now,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly read = (): AuthState => this.state;

  /** Start a sign-in; the caller puts the step's question to the person until it is signed in. */
  async signIn(username: string, password: string): Promise<SignInStep> {
    return this.take(await this.authenticator.signIn(username, password));
  }

  signOut(notice: string | null = null): void {
    this.change({ status: "signed_out", notice });
  }

  /** Return an access token that is good for a while, renewing first when it is about to end. */
  async accessToken(): Promise<string> {
    if (this.state.status !== "signed_in") throw new Error("Nobody is signed in.");
    const { session } = this.state;
    if (session.expiresAt - this.now() > RENEW_BEFORE) return session.accessToken;
    return this.renew(session.accessToken);
  }

  /** Replace a token that the API refused. One renewal serves all callers that wait for it. */
  async renew(refused: string): Promise<string> {
    if (this.state.status !== "signed_in") throw new Error("Nobody is signed in.");
    const { session } = this.state;
    if (session.accessToken !== refused) return session.accessToken;
    this.renewal ??= this.exchange(session).finally(() => {
      this.renewal = null;
    });
    return this.renewal;
  }

  private async exchange(session: Session): Promise<string> {
    try {
      const renewed = await this.authenticator.refresh(session);
      this.change({ status: "signed_in", session: renewed });
      return renewed.accessToken;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.signOut(
        `Your session ended and could not be renewed: ${reason} Sign in again. ` +
          "Trading goes on without this page.",
      );
      throw error;
    }
  }

  private take(step: SignInStep): SignInStep {
    if (step.kind === "signed_in") {
      this.change({ status: "signed_in", session: step.session });
      return step;
    }
    return { ...step, answer: async (text) => this.take(await step.answer(text)) };
  }

  private change(state: AuthState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
