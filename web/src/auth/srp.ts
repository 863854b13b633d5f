import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type IAuthenticationCallback,
  type ICognitoStorage,
} from "amazon-cognito-identity-js";
import { signInError, type UserPool } from "./cognito";
import { sessionFrom, type SignInStep } from "./session";

/** Keeps the library's tokens off the disk: a stolen profile holds no session. */
class MemoryStorage implements ICognitoStorage {
  private readonly items = new Map<string, string>();
  setItem(key: string, value: string): string {
    this.items.set(key, value);
    return value;
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  removeItem(key: string): boolean {
    return this.items.delete(key);
  }
  clear(): object {
    this.items.clear();
    return {};
  }
}

function failure(error: unknown): Error {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  return signInError(code ?? name ?? "SignInFailed", message ?? "Cognito refused the sign-in.");
}

function callbacks(
  user: CognitoUser,
  resolve: (step: SignInStep) => void,
  reject: (error: Error) => void,
): IAuthenticationCallback {
  const ask = (start: (next: IAuthenticationCallback) => void): Promise<SignInStep> =>
    new Promise((done, failed) => {
      start(callbacks(user, done, failed));
    });
  return {
    onSuccess: (session: CognitoUserSession) => {
      const access = session.getAccessToken().getJwtToken();
      const refresh = session.getRefreshToken().getToken();
      resolve({ kind: "signed_in", session: sessionFrom(access, refresh || null) });
    },
    onFailure: (error: unknown) => {
      reject(failure(error));
    },
    newPasswordRequired: () => {
      resolve({
        kind: "new_password",
        answer: (text) =>
          ask((next) => {
            user.completeNewPasswordChallenge(text, {}, next);
          }),
      });
    },
    totpRequired: () => {
      resolve({
        kind: "code",
        answer: (code) =>
          ask((next) => {
            user.sendMFACode(code, next, "SOFTWARE_TOKEN_MFA");
          }),
      });
    },
    mfaSetup: () => {
      reject(
        signInError(
          "MFASetup",
          "This user must register an authenticator first; the user pool's hosted page does that.",
        ),
      );
    },
  };
}

/** Sign in by Secure Remote Password: the password never leaves the page. */
export function signInBySrp(
  pool: UserPool,
  username: string,
  password: string,
): Promise<SignInStep> {
  const storage = new MemoryStorage();
  const userPool = new CognitoUserPool({
    UserPoolId: pool.userPoolId,
    ClientId: pool.clientId,
    endpoint: pool.endpoint,
    Storage: storage,
  });
  const user = new CognitoUser({ Username: username, Pool: userPool, Storage: storage });
  const details = new AuthenticationDetails({ Username: username, Password: password });
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, callbacks(user, resolve, reject));
  });
}
