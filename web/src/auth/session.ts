/** Who is signed in, as read from an access token. Tokens live in memory only: a reload asks again. */
export interface Session {
  accessToken: string;
  /** Null when the pool issues none: then the session ends with its access token. */
  refreshToken: string | null;
  /** Machine time in milliseconds at which the access token expires. */
  expiresAt: number;
  username: string;
  groups: string[];
}

/** What Cognito answers to a sign-in: a session, or one more question. */
export type SignInStep =
  | { kind: "signed_in"; session: Session }
  | { kind: "new_password"; answer: (newPassword: string) => Promise<SignInStep> }
  | { kind: "code"; answer: (code: string) => Promise<SignInStep> };

/** One way to sign in at a user pool. */
export interface Authenticator {
  signIn: (username: string, password: string) => Promise<SignInStep>;
  refresh: (session: Session) => Promise<Session>;
}

/** A refusal by Cognito or a failure to reach it; code is Cognito's exception name. */
export class SignInError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "SignInError";
  }
}

interface AccessTokenClaims {
  exp: number;
  username?: string;
  sub: string;
  "cognito:groups"?: string[];
}

function claimsOf(token: string): AccessTokenClaims {
  const payload = token.split(".")[1];
  if (!payload)
    throw new SignInError("BadToken", "Cognito sent an access token without a payload.");
  const bytes = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  return JSON.parse(text) as AccessTokenClaims;
}

/** Build a session from Cognito's tokens. The signature is the API's business: the page only reads. */
export function sessionFrom(accessToken: string, refreshToken: string | null): Session {
  const claims = claimsOf(accessToken);
  return {
    accessToken,
    refreshToken,
    expiresAt: claims.exp * 1000,
    username: claims.username ?? claims.sub,
    groups: claims["cognito:groups"] ?? [],
  };
}
