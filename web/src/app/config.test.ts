import { expect, test } from "vitest";
import { parseConfig } from "./config";

const good = {
  stage: "paper",
  region: "eu-west-1",
  userPoolId: "eu-west-1_a",
  userPoolClientId: "c",
  cognitoEndpoint: "https://cognito-idp.eu-west-1.amazonaws.com/",
  apiBase: "",
};

test("a configuration of any stage is taken", () => {
  expect(parseConfig(good)).toEqual(good);
});

test("an unknown stage is refused with those that may be", () => {
  expect(() => parseConfig({ ...good, stage: "test" })).toThrow(
    /stage was "test".*local, paper, live/,
  );
});

test("a missing field is named", () => {
  expect(() => parseConfig({ ...good, userPoolId: undefined })).toThrow(/userPoolId/);
  expect(() => parseConfig(null)).toThrow(/not an object/);
});
