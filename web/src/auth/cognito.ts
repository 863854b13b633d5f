import { makeKeys, proveSrp, srpTimestamp } from "./srp";
import { SignInError, sessionFrom, type Session, type SignInStep } from "./session";

/** Where a user pool is reached and as which of its clients. */
export interface UserPool {
  /** Address of the Cognito API; in the local stage a path of the page's own origin. */
  endpoint: string;
  userPoolId: string;
  clientId: string;
}

interface AuthenticationResult {
  AccessToken: string;
  RefreshToken?: string;
}

interface AuthenticationAnswer {
  AuthenticationResult?: AuthenticationResult;
  ChallengeName?: string;
  Session?: string;
  ChallengeParameters?: Record<string, string>;
}

const sentences: Record<string, string> = {
  NotAuthorizedException: "The user name or the password is not right.",
  UserNotFoundException: "The user name or the password is not right.",
  PasswordResetRequiredException:
    "The password must be reset by an administrator of the user pool.",
  UserNotConfirmedException:
    "The user is not confirmed yet: ask an administrator of the user pool.",
  TooManyRequestsException: "Too many attempts. Wait a minute, then try again.",
  LimitExceededException: "Too many attempts. Wait a minute, then try again.",
  CodeMismatchException: "The code is not right. Take the newest one from your authenticator.",
};

/** Turn a Cognito exception into one sentence for a person; Cognito's own where ours says no more. */
export function signInError(code: string, message: string): SignInError {
  const name = code.split("#").pop() ?? code;
  return new SignInError(name, sentences[name] ?? message);
}

async function call(
  pool: UserPool,
  action: string,
  body: Record<string, unknown>,
): Promise<AuthenticationAnswer> {
  let response: Response;
  try {
    response = await fetch(pool.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${action}`,
      },
      body: JSON.stringify(body),
    });
  } catch {
    throw new SignInError("Unreachable", "The sign-in service could not be reached. Try again.");
  }
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) {
    const refusal = answer as { __type?: string; message?: string };
    throw signInError(
      refusal.__type ?? `Http${response.status}`,
      refusal.message ?? `The sign-in service answered ${response.status}.`,
    );
  }
  return answer as AuthenticationAnswer;
}

function stepFrom(pool: UserPool, username: string, answer: AuthenticationAnswer): SignInStep {
  const result = answer.AuthenticationResult;
  if (result) {
    const session = sessionFrom(result.AccessToken, result.RefreshToken ?? null);
    return { kind: "signed_in", session };
  }
  const respond = async (responses: Record<string, string>): Promise<SignInStep> => {
    const next = await call(pool, "RespondToAuthChallenge", {
      ClientId: pool.clientId,
      ChallengeName: answer.ChallengeName,
      Session: answer.Session,
      ChallengeResponses: { USERNAME: username, ...responses },
    });
    return stepFrom(pool, username, next);
  };
  switch (answer.ChallengeName) {
    case "NEW_PASSWORD_REQUIRED":
      return { kind: "new_password", answer: (text) => respond({ NEW_PASSWORD: text }) };
    case "SOFTWARE_TOKEN_MFA":
      return { kind: "code", answer: (code) => respond({ SOFTWARE_TOKEN_MFA_CODE: code }) };
    default:
      throw new SignInError(
        "UnsupportedChallenge",
        `The user pool asks for ${answer.ChallengeName ?? "an unknown step"}; this page knows ` +
          "NEW_PASSWORD_REQUIRED and SOFTWARE_TOKEN_MFA.",
      );
  }
}

/** Sign in by sending the password itself: for the local stage, whose pool is on this machine. */
export async function signInByPassword(
  pool: UserPool,
  username: string,
  password: string,
): Promise<SignInStep> {
  const answer = await call(pool, "InitiateAuth", {
    AuthFlow: "USER_PASSWORD_AUTH",
    ClientId: pool.clientId,
    AuthParameters: { USERNAME: username, PASSWORD: password },
  });
  return stepFrom(pool, username, answer);
}

/** Sign in by Secure Remote Password: the password never leaves the page. */
export async function signInBySrp(
  pool: UserPool,
  username: string,
  password: string,
): Promise<SignInStep> {
  const keys = makeKeys();
  const first = await call(pool, "InitiateAuth", {
    AuthFlow: "USER_SRP_AUTH",
    ClientId: pool.clientId,
    AuthParameters: { USERNAME: username, SRP_A: keys.publicKey.toString(16) },
  });
  if (first.ChallengeName !== "PASSWORD_VERIFIER") return stepFrom(pool, username, first);
  const given = first.ChallengeParameters ?? {};
  const userId = given.USER_ID_FOR_SRP ?? username;
  const timestamp = srpTimestamp(new Date());
  const proof = await proveSrp({
    keys,
    userPoolId: pool.userPoolId,
    password,
    timestamp,
    challenge: {
      userId,
      salt: given.SALT ?? "",
      serverPublic: given.SRP_B ?? "",
      secretBlock: given.SECRET_BLOCK ?? "",
    },
  });
  const answer = await call(pool, "RespondToAuthChallenge", {
    ClientId: pool.clientId,
    ChallengeName: "PASSWORD_VERIFIER",
    Session: first.Session,
    ChallengeResponses: {
      USERNAME: userId,
      TIMESTAMP: timestamp,
      PASSWORD_CLAIM_SECRET_BLOCK: given.SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: proof,
    },
  });
  return stepFrom(pool, userId, answer);
}

/** Exchange the refresh token for a new access token. Raises SignInError when the pool refuses. */
export async function refreshSession(pool: UserPool, session: Session): Promise<Session> {
  if (session.refreshToken === null) {
    throw new SignInError("NoRefreshToken", "The user pool issued no refresh token.");
  }
  const answer = await call(pool, "InitiateAuth", {
    AuthFlow: "REFRESH_TOKEN_AUTH",
    ClientId: pool.clientId,
    AuthParameters: { REFRESH_TOKEN: session.refreshToken },
  });
  const result = answer.AuthenticationResult;
  if (!result) throw new SignInError("NoToken", "The user pool sent no new access token.");
  return sessionFrom(result.AccessToken, result.RefreshToken ?? session.refreshToken);
}
