import { describe, expect, test } from "vitest";
import { makeKeys, proveSrp, srpTimestamp } from "./srp";

// Computed by amazon-cognito-identity-js 6.3.21 from the same numbers.
const vector = {
  random:
    "b5b30bc3333d52fa322f8aef39f5a719508caf79969af72e45f6e2ed364a85af17f1f7c80f277bdd07f15346" +
    "9890f5e22325939ff57e70ed8ba2cec1677bbc205e43101be01f078f894fd99698aef679c434e92666fe22c8" +
    "d3aa377f94fc6b2c84e2154ab19302775efbcf4b12d7d7013bd2fc9a66462be98a29436f2efa5f6a",
  serverPublic:
    "e91d305ced4812cadca700e50d9e459c6e27410fa932045c2d37332f371523d32e2622f927a02d0866e4c1a1" +
    "ccbd7e4f37fad815ba5d6aea97ebf12e298c744f9d25dd96b04183421bddf95a81fdff66857d1e6b2e13eef7" +
    "ad9162855fd2d5508352eaf35e84f2d0e1c1994c7084dc2f555dff4af97fa64c872bd57b15899af453da3c11" +
    "0a6c738500c9202a1557e4001d07b43b7b3d4ed0e0a73d057ebde37a9bd7bbacc5b12cb1cb9e639544d942d5" +
    "2bc567b17c715f662156da7dd9b87d5910cb387d90ba9b7bbc170e87e53040122df8358815355f9765352402" +
    "01aa55a5d3ca7698eb22de6328eb65867add0c2faaa94dc1750d873c6b52c36e03e5649477ceefdb82de822a" +
    "cb3a4ae49f26ba94c4a107e3e04769d88aabf6a5ad7bc4d2c4bc75f9fa567ce2733c32232894d9a70ddda1f9" +
    "f8dac33201657989e570eac33d78fe034daf839c7425fb83f7d3155eda4fc134839e9eeaf4d617af672972d4" +
    "56026267a6092721d8c26620c4416541a2ca5e5ea3166bb396a0d02f4ad9b0a3",
  salt: "b63c07d8bb4f51763c1aba5fec0f2246",
  secretBlock:
    "UwdGw9biasAN7MxjDGVw/Sa/NhKpSLuIXVPy0wB1fEUOo0akdDBHdjq1EPhyc6eRYldIZaoLt7PJ60sl8wBZUA==",
  timestamp: "Mon Nov 23 12:40:19 UTC 2026",
  proof: "7NS1NAwJ2PFLHL44sp7fvFCVwoRNt7T3mT9CjYpqM3Q=",
};

function prove(password: string): Promise<string> {
  const random = Uint8Array.from(vector.random.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return proveSrp({
    keys: makeKeys(random),
    userPoolId: "us-east-1_uw5eSVlFe",
    password,
    timestamp: vector.timestamp,
    challenge: { userId: "user-1", ...vector },
  });
}

describe("secure remote password", () => {
  test("proves a password as Amazon's own library does", async () => {
    expect(await prove("p\u00e4ssword!")).toBe(vector.proof);
  });

  test("proves another password differently", async () => {
    expect(await prove("password!")).not.toBe(vector.proof);
  });

  test("makes new numbers for every sign-in", () => {
    expect(makeKeys().publicKey).not.toBe(makeKeys().publicKey);
  });

  test("writes the day of the month without a leading zero", () => {
    expect(srpTimestamp(new Date("2005-03-01T09:05:00Z"))).toBe("Tue Mar 1 09:05:00 UTC 2005");
  });
});
