/** A refusal by the API, or a failure to reach it (status 0). */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    readonly requestId: string | null,
    readonly field: string | null = null,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

interface RefusalBody {
  code?: string;
  message?: string;
  field?: string | null;
  request_id?: string;
}

/** Build the error of an answer that was not a success; body is what was parsed from it, if anything. */
export function apiErrorFrom(response: Response, body: unknown): ApiError {
  const refusal: RefusalBody = typeof body === "object" && body !== null ? body : {};
  const headerId =
    response.headers.get("apigw-requestid") ?? response.headers.get("x-amzn-requestid");
  return new ApiError(
    refusal.message ?? `The API answered ${response.status} ${response.statusText}`.trim() + ".",
    response.status,
    refusal.code ?? `HTTP_${response.status}`,
    refusal.request_id ?? headerId,
    refusal.field ?? null,
  );
}

/** Build the error of a request that got no answer. */
export function unreachable(cause: unknown): ApiError {
  const timedOut = cause instanceof DOMException && cause.name === "TimeoutError";
  return new ApiError(
    timedOut
      ? "The API did not answer within 20 seconds. Try again; trading does not depend on this page."
      : "The API could not be reached. Check the connection; trading does not depend on this page.",
    0,
    timedOut ? "TIMEOUT" : "UNREACHABLE",
    null,
  );
}
