import type { LiveAuthentication, NfcCredential, SmartTapObject, SunMessage, VasPass } from "../core/credential.ts";
import type { Evidence, Tier } from "../core/entry.ts";
import type { NfcTap } from "../core/observation.ts";
import type { Instant, Ms } from "../core/time.ts";
import { identifies } from "../core/uid.ts";
import { memberValue } from "./member-value.ts";
import type { ProofMemory } from "./proof-memory.ts";
import type { Tokens } from "./tokens.ts";

/** How far the clock of a phone may be from ours for its cryptogram to count as made just now. */
const freshMs: Ms = 120_000;

/** What the configuration says of the keys that credentials are checked with, by their names. */
export interface KeyRules {
  /** Wallet passes that carry a member number and no secret. */
  readonly numbered?: ReadonlySet<string>;
  /** Key sets whose tags prove live that they have our key: of these a message alone proves nothing. */
  readonly authenticating?: ReadonlySet<string>;
}

/** Storage tags: they can hold a copied SUN message and cannot make one. */
const isStorageTag = (technology: string): boolean => /^(ntag21|mifare-ultralight|mifare-classic)/.test(technology);

/**
 * Decides what a credential proves. The driver has checked the cryptography; here it is held against what was seen before, against the
 * card it came from and against the clock. What fails keeps its token, falls to `claimed` and says why: an entry to look into, and no
 * proof.
 */
export class CredentialJudge {
  readonly #tokens: Tokens;
  readonly #proofs: ProofMemory;
  readonly #rules: KeyRules;

  constructor(tokens: Tokens, proofs: ProofMemory, rules: KeyRules) {
    this.#tokens = tokens;
    this.#proofs = proofs;
    this.#rules = rules;
  }

  /** The evidence in a credential that was shown with this tap. */
  judge(credential: NfcCredential, tap: NfcTap): Evidence {
    switch (credential.type) {
      case "sun":
        return this.#sun(credential, tap);
      case "ev2":
        return this.#live(credential);
      case "smart-tap":
        return this.#smartTap(credential);
      case "vas":
        return this.#vas(credential, tap.at);
    }
  }

  /** NXP AN12196, 4.2: the counter of a genuine tag grows with every reading, so an equal or lower one was recorded and played again. */
  #sun(message: SunMessage, tap: NfcTap): Evidence {
    const uid = message.uid.toUpperCase();
    const proof = `sun:${this.#tokens.of("nfc.uid", uid)}`;
    const base = { ...this.#tokens.evidence("nfc.sun", "claimed", uid, "nfc.uid"), counter: message.counter };
    const fault = this.#sunFault(message, uid, tap);
    if (fault !== undefined) return { ...base, doubt: fault };
    const last = this.#proofs.last(proof);
    if (last !== undefined && message.counter <= last) return { ...base, doubt: "counter-replayed", lastCounter: last };
    if (this.#lacksKey(message, tap)) return { ...base, doubt: "not-authenticated" };
    this.#proofs.note(proof, message.counter);
    return { ...base, tier: "proven", proof };
  }

  #sunFault(message: SunMessage, uid: string, tap: NfcTap): string | undefined {
    if (!message.isAuthentic) return message.fault ?? "mac-mismatch";
    if (isStorageTag(tap.technology)) return "copied";
    return identifies(tap.uid) && tap.uid.toUpperCase() !== uid ? "uid-mismatch" : undefined;
  }

  /** A message that nobody has seen yet may have been taken down from the tag beforehand. Only the tag has its key. */
  #lacksKey({ keyName }: SunMessage, { credentials = [] }: NfcTap): boolean {
    const live = credentials.find(({ type }) => type === "ev2");
    return live === undefined ? this.#rules.authenticating?.has(keyName) === true : !live.isAuthentic;
  }

  #live({ uid, isAuthentic, fault }: LiveAuthentication): Evidence {
    const evidence = (tier: Tier): Evidence => this.#tokens.evidence("nfc.ev2", tier, uid.toUpperCase(), "nfc.uid");
    return isAuthentic ? evidence("proven") : { ...evidence("claimed"), doubt: fault ?? "authentication-failed" };
  }

  #smartTap({ keyName, value, isAuthentic, fault }: SmartTapObject): Evidence {
    const type = "wallet.smart-tap";
    if (!isAuthentic) return { ...this.#unreadable(type, keyName), doubt: fault ?? "not-authentic" };
    if (isEmpty(value)) return { ...this.#unreadable(type, keyName), doubt: "empty" };
    return this.#wallet(type, this.#walletTier(keyName), keyName, value);
  }

  /** Anybody can encrypt a number for the merchant; a secret only who has the pass. */
  #walletTier(keyName: string): Tier {
    return this.#rules.numbered?.has(keyName) === true ? "presented" : "proven";
  }

  /** A cryptogram counts once and while it is fresh. Where our own clock is not to be trusted, nobody can say whether it is. */
  #vas(pass: VasPass, at: Instant): Evidence {
    const proof = `vas:${pass.cryptogramHash}`;
    const issuedAt = rfc3339(pass.issuedAtMs);
    const facts = { proof, ...(issuedAt !== undefined && { issuedAt }) };
    const evidence = (tier: Tier): Evidence => ({
      ...this.#wallet("wallet.vas", tier, pass.keyName, pass.value),
      ...facts,
    });
    const unreadable = { ...this.#unreadable("wallet.vas", pass.cryptogramHash), ...facts };
    if (!pass.isAuthentic) return { ...unreadable, doubt: pass.fault ?? "not-authentic" };
    if (isEmpty(pass.value)) return { ...unreadable, doubt: "empty" };
    if (this.#proofs.last(proof) !== undefined) return { ...evidence("claimed"), doubt: "cryptogram-replayed" };
    this.#proofs.note(proof, 0);
    if (!at.trusted) return { ...evidence("presented"), doubt: "clock-untrusted" };
    const isFresh = Math.abs(at.wallMs - pass.issuedAtMs) <= freshMs;
    return isFresh ? evidence(this.#walletTier(pass.keyName)) : { ...evidence("claimed"), doubt: "expired" };
  }

  /** A number is the same one on a card, at a scanner and in a pass. A secret is nobody's number, and every character of it counts. */
  #wallet(type: string, tier: Tier, programme: string, value: string): Evidence {
    return this.#rules.numbered?.has(programme) === true
      ? this.#tokens.evidence(type, tier, memberValue(programme, value), "member.number")
      : this.#tokens.evidence(type, tier, `${programme}:${value}`, "wallet.secret");
  }

  /** Nothing was read that is anybody's: a token that joins nobody. */
  #unreadable(type: string, what: string): Evidence {
    return this.#tokens.evidence(type, "claimed", what, "wallet.unreadable");
  }
}

const isEmpty = (value: string): boolean => value.replaceAll(/[\s-]/g, "") === "";

/** Nothing for a moment that RFC 3339 cannot write: a phone, or a forger, may say anything. */
function rfc3339(ms: number): string | undefined {
  return Number.isFinite(ms) && ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : undefined;
}
