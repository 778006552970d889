// The key under the PIN (WebCrypto): a random data key, wrapped by PBKDF2 of the PIN and then by a key that does not leave this browser.
import * as db from "./db.js";

// OWASP's floor for PBKDF2-HMAC-SHA256.
const ROUNDS = 600_000;
export const TRIES = 10;
export const SHORTEST = 6;
const AES = { name: "AES-GCM", length: 256 };
const USES = ["encrypt", "decrypt"];
const utf8 = new TextEncoder();

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

async function pinKey(pin, salt, rounds) {
  const base = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, base, AES, false, ["wrapKey", "unwrapKey"]);
}

/** A data key sealed by a PIN and the browser's own key. */
async function wrap(data, pin, device) {
  const salt = random(16), innerIv = random(12), outerIv = random(12);
  const key = await pinKey(pin, salt, ROUNDS);
  const inner = await crypto.subtle.wrapKey("raw", data, key, { name: "AES-GCM", iv: innerIv });
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv: outerIv }, device, inner);
  return { salt, rounds: ROUNDS, innerIv, outerIv, wrapped };
}

async function unwrap(pin, kept, extractable = false) {
  const wrapped = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.outerIv }, kept.device, kept.wrapped);
  const key = await pinKey(pin, kept.salt, kept.rounds);
  return crypto.subtle.unwrapKey("raw", wrapped, key, { name: "AES-GCM", iv: kept.innerIv }, AES, extractable, USES);
}

export const exists = async () => (await db.get("key", "key")) !== undefined;

/** Why a PIN cannot be taken, as a key of words; empty when it can. */
export function weakness(pin) {
  if (pin.length < SHORTEST) return "short";
  const step = (at) => pin.charCodeAt(at) - pin.charCodeAt(at - 1);
  const steps = new Set([...pin].slice(1).map((_, at) => step(at + 1)));
  return steps.size === 1 && Math.abs([...steps][0]) <= 1 ? "plain" : "";
}

/** A vault that this PIN opens from now on. */
export async function create(pin) {
  const device = await crypto.subtle.generateKey(AES, false, USES);
  const fresh = await crypto.subtle.generateKey(AES, true, USES);
  const kept = { id: "key", ...(await wrap(fresh, pin, device)), device, tries: 0 };
  await db.write([["key", "put", kept]]);
  return new Vault(await unwrap(pin, kept));
}

/** {vault}, or {left} tries; at none left everything is wiped. A try is counted before it is looked at: a reload takes none back. */
export async function unlock(pin) {
  const kept = await db.update("key", "key", (one) => ({ ...one, tries: one.tries + 1 }));
  const key = kept.tries > TRIES ? null : await unwrap(pin, kept).catch(() => null);
  if (key) {
    await db.update("key", "key", (one) => ({ ...one, tries: 0 }));
    return { vault: new Vault(key), left: TRIES };
  }
  const left = Math.max(0, TRIES - kept.tries);
  if (!left) await db.wipe();
  return { vault: null, left };
}

/** Another PIN for the same key, so that no record is written anew; the old one is asked for, and counted, as when one comes in. */
export async function change(old, pin) {
  const { vault, left } = await unlock(old);
  if (!vault) return { changed: false, left };
  const kept = await db.get("key", "key");
  const sealed = await wrap(await unwrap(old, kept, true), pin, kept.device);
  await db.update("key", "key", (one) => ({ ...one, ...sealed }));
  return { changed: true, left };
}

/** Seals and opens records; each is bound to its place, so that none can be put in another's. */
class Vault {
  #key;

  constructor(key) {
    this.#key = key;
  }

  async seal(store, id, value) {
    const iv = random(12);
    const data = await crypto.subtle.encrypt(this.#how(store, id, iv), this.#key, utf8.encode(JSON.stringify(value)));
    return { id, iv, data };
  }

  async open(store, record) {
    const how = this.#how(store, record.id, record.iv);
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, this.#key, record.data)));
  }

  #how(store, id, iv) {
    return { name: "AES-GCM", iv, additionalData: utf8.encode(`${store}/${id}`) };
  }
}
