import createClient, { type Client } from "openapi-fetch";
import { apiErrorFrom, unreachable } from "./api-error";
import type { paths } from "./schema";

/** Where access tokens come from; renew replaces one that the API refused. */
export interface TokenSource {
  accessToken: () => Promise<string>;
  renew: (refused: string) => Promise<string>;
}

export type ApiClient = Client<paths>;

const TIMEOUT = 20_000;

/** Return a fetch that sends the token, and once more with a renewed one when the API says 401. */
export function authorizedFetch(tokens: TokenSource): (request: Request) => Promise<Response> {
  const send = async (request: Request, token: string): Promise<Response> => {
    request.headers.set("authorization", `Bearer ${token}`);
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT)]);
    try {
      return await fetch(request, { signal });
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw unreachable(error);
    }
  };
  return async (request) => {
    // A request's body can be read once; the copy is for the second attempt. A 401 did nothing.
    const again = request.clone();
    const token = await tokens.accessToken();
    const response = await send(request, token);
    if (response.status !== 401) return response;
    return send(again, await tokens.renew(token));
  };
}

/** Make the client of the API; base is empty where the page and the API share an origin. */
export function createApiClient(base: string, tokens: TokenSource): ApiClient {
  return createClient<paths>({
    baseUrl: base || window.location.origin,
    fetch: authorizedFetch(tokens),
  });
}

/** Return the body of a success; raise an ApiError for anything else. */
export async function unwrap<Data>(
  answer: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  let settled;
  try {
    settled = await answer;
  } catch (error) {
    // openapi-fetch parses the body before it hands over; a page of HTML is not our API's answer.
    if (error instanceof SyntaxError) throw unreachable(error);
    throw error;
  }
  const { data, error, response } = settled;
  if (!response.ok || data === undefined) throw apiErrorFrom(response, error);
  return data;
}
