import { describe, expect, test, vi } from "vitest";
import { ApiError } from "./api-error";
import { authorizedFetch, unwrap } from "./client";

const tokens = {
  accessToken: () => Promise.resolve("old"),
  renew: () => Promise.resolve("new"),
};

function answering(...statuses: number[]) {
  const seen: string[] = [];
  const fake = vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    seen.push(`${request.headers.get("authorization") ?? ""} ${await request.text()}`);
    return new Response("{}", { status: statuses[seen.length - 1] ?? 200 });
  });
  return { seen, fake };
}

describe("a request", () => {
  test("carries the token", async () => {
    const { seen } = answering(200);
    await authorizedFetch(tokens)(new Request("http://qz/v1/risk"));
    expect(seen).toEqual(["Bearer old "]);
  });

  test("is sent once more, whole, with a renewed token after a 401", async () => {
    const { seen } = answering(401, 200);
    const request = new Request("http://qz/v1/risk/halt", { method: "POST", body: "why" });
    const response = await authorizedFetch(tokens)(request);
    expect(response.status).toBe(200);
    expect(seen).toEqual(["Bearer old why", "Bearer new why"]);
  });

  test("is not sent a third time", async () => {
    const { seen } = answering(401, 401, 200);
    const response = await authorizedFetch(tokens)(new Request("http://qz/v1/risk"));
    expect(response.status).toBe(401);
    expect(seen).toHaveLength(2);
  });

  test("that gets no answer says that trading does not depend on the page", async () => {
    vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
    const sent = authorizedFetch(tokens)(new Request("http://qz/v1/risk"));
    await expect(sent).rejects.toMatchObject({ status: 0, code: "UNREACHABLE" });
  });
});

describe("an answer", () => {
  test("that refuses becomes an error with the sentence, the code and the request's id", async () => {
    const error = { code: "TRADING_HALTED", message: "Resume first.", request_id: "r-1" };
    const answer = Promise.resolve({ error, response: new Response("", { status: 409 }) });
    const refused = await unwrap(answer).catch((caught: unknown) => caught);
    expect(refused).toBeInstanceOf(ApiError);
    expect(refused).toMatchObject({ ...pick(error), requestId: "r-1", status: 409 });
  });

  test("of the gateway, which has no request id in its body, takes the header's", async () => {
    const headers = { "apigw-requestid": "g-1" };
    const response = new Response("", { status: 503, headers });
    const answer = Promise.resolve({ error: { message: "Service Unavailable" }, response });
    await expect(unwrap(answer)).rejects.toMatchObject({ requestId: "g-1", code: "HTTP_503" });
  });
});

function pick({ code, message }: { code: string; message: string }) {
  return { code, message };
}
