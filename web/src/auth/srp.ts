/**
 * Secure Remote Password as Amazon Cognito speaks it (RFC 5054's 3072-bit group, SHA-256, and an HKDF with
 * Cognito's own label): the page proves that it knows the password without ever sending it.
 */

const PRIME_HEX =
  "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD" +
  "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED" +
  "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F" +
  "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B" +
  "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510" +
  "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7" +
  "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C" +
  "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF";

const PRIME = BigInt(`0x${PRIME_HEX}`);
const GENERATOR = 2n;
const KEY_LABEL = "Caldera Derived Key";

/** What Cognito sends so that the page can prove the password; numbers in hexadecimal. */
export interface SrpChallenge {
  userId: string;
  salt: string;
  serverPublic: string;
  /** Base64. */
  secretBlock: string;
}

/** The page's two numbers of one sign-in; the private one never leaves it. */
export interface SrpKeys {
  privateKey: bigint;
  publicKey: bigint;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let factor = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % modulus;
    factor = (factor * factor) % modulus;
  }
  return result;
}

/** Hexadecimal of whole bytes with a clear top bit, as a two's complement number is written. */
function signedHex(value: bigint): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 1 ? `0${hex}` : hex;
  return /^[89a-f]/i.test(even) ? `00${even}` : even;
}

function bytesOfHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

const bytesOfText = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function hash(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

async function sign(
  key: Uint8Array<ArrayBuffer>,
  ...parts: Uint8Array<ArrayBuffer>[]
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  const message = new Uint8Array(await new Blob(parts).arrayBuffer());
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** Make the numbers of one sign-in from 128 random bytes. */
export function makeKeys(
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(128)),
): SrpKeys {
  const privateKey = BigInt(`0x${hexOf(random)}`) % PRIME;
  const publicKey = power(GENERATOR, privateKey, PRIME);
  if (publicKey === 0n) throw new Error("The random numbers of this browser cannot be used.");
  return { privateKey, publicKey };
}

/** Print an instant as Cognito wants it signed: "Tue Mar 1 09:05:00 UTC 2005", in UTC. */
export function srpTimestamp(now: Date): string {
  const [, weekday, day, month, year, time] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${weekday} ${month} ${Number(day)} ${time} UTC ${year}`;
}

async function derivedKey(
  keys: SrpKeys,
  poolName: string,
  password: string,
  challenge: SrpChallenge,
): Promise<Uint8Array<ArrayBuffer>> {
  const server = BigInt(`0x${challenge.serverPublic}`);
  if (server % PRIME === 0n) throw new Error("The sign-in service sent an unsafe number.");
  const scramble = BigInt(
    `0x${await hash(bytesOfHex(signedHex(keys.publicKey) + signedHex(server)))}`,
  );
  if (scramble === 0n) throw new Error("The sign-in service sent an unsafe number.");
  const identity = await hash(bytesOfText(`${poolName}${challenge.userId}:${password}`));
  const salt = signedHex(BigInt(`0x${challenge.salt}`));
  const secret = BigInt(`0x${await hash(bytesOfHex(salt + identity))}`);
  const multiplier = BigInt(`0x${await hash(bytesOfHex(signedHex(PRIME) + signedHex(GENERATOR)))}`);
  const base = (server - multiplier * power(GENERATOR, secret, PRIME)) % PRIME;
  const shared = power(base < 0n ? base + PRIME : base, keys.privateKey + scramble * secret, PRIME);
  const extracted = await sign(bytesOfHex(signedHex(scramble)), bytesOfHex(signedHex(shared)));
  const expanded = await sign(extracted, bytesOfText(KEY_LABEL), new Uint8Array([1]));
  return expanded.slice(0, 16);
}

/** Return the base64 proof that the page knows the password of the challenge's user. */
export async function proveSrp(options: {
  keys: SrpKeys;
  userPoolId: string;
  password: string;
  challenge: SrpChallenge;
  timestamp: string;
}): Promise<string> {
  const { keys, userPoolId, password, challenge, timestamp } = options;
  const poolName = userPoolId.split("_")[1] ?? "";
  const key = await derivedKey(keys, poolName, password, challenge);
  const proof = await sign(
    key,
    bytesOfText(poolName + challenge.userId),
    bytesOfBase64(challenge.secretBlock),
    bytesOfText(timestamp),
  );
  return btoa(String.fromCharCode(...proof));
}
