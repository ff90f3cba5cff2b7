import type { Evidence } from "../core/entry.ts";
import type { Identification } from "../core/identification.ts";
import type { BleSighting, NfcTap, Scan } from "../core/observation.ts";
import type { ScannedCode } from "../core/scanned-code.ts";
import { identifies } from "../core/uid.ts";
import { CredentialJudge, type KeyRules } from "./credential-judge.ts";
import { memberValue } from "./member-value.ts";
import type { ProofMemory } from "./proof-memory.ts";
import type { Tokens } from "./tokens.ts";

/** Turns what devices read into evidence. Nothing weak is passed off as proof, and what was refused says why. */
export class Identifier implements Identification {
  readonly #tokens: Tokens;
  readonly #judge: CredentialJudge;

  constructor(tokens: Tokens, proofs: ProofMemory, rules: KeyRules = {}) {
    this.#tokens = tokens;
    this.#judge = new CredentialJudge(tokens, proofs, rules);
  }

  tap(tap: NfcTap): readonly Evidence[] {
    const shown = (tap.credentials ?? []).map((credential) => this.#judge.judge(credential, tap));
    // A SUN message is another URI at every tap: as a token it would name nobody.
    const isDynamic = tap.credentials?.some(({ type }) => type === "sun") === true;
    const ndef = isDynamic ? [] : tap.ndef.map((record) => this.#ndef(record));
    return [...shown, ...this.#uid(tap), ...ndef];
  }

  scan(code: ScannedCode, via: Scan["via"]): readonly Evidence[] {
    switch (code.kind) {
      case "member": {
        // A stripe is copied in a second, with a device for a few euro.
        const tier = via === "magstripe" ? "claimed" : "presented";
        return [this.#tokens.evidence("member.number", tier, memberValue(code.programme, code.value))];
      }
      case "voucher":
        return [this.#tokens.evidence("voucher", "presented", code.value.trim())];
      case "other":
        return [this.#tokens.evidence("code.other", "claimed", code.value.trim())];
      case "gtin":
      case "gs1":
      case "payment":
      case "payment-card":
      case "invoice":
        return [];
    }
  }

  sighting({ identifier }: BleSighting): readonly Evidence[] {
    return [this.#tokens.evidence("ble.beacon", "nearby", identifier)];
  }

  /** UIDs can be copied, with their originality signature: never more than a claim. */
  #uid({ uid, originality }: NfcTap): readonly Evidence[] {
    if (!identifies(uid)) return [];
    const evidence = this.#tokens.evidence("nfc.uid", "claimed", uid.toUpperCase());
    if (originality === "forged") return [{ ...evidence, doubt: "originality-forged" }];
    return [originality === "valid" ? { ...evidence, note: "originality-valid" } : evidence];
  }

  #ndef(record: NfcTap["ndef"][number]): Evidence {
    return record.type === "uri"
      ? this.#tokens.evidence("ndef.uri", "claimed", record.uri.trim())
      : this.#tokens.evidence("ndef.text", "claimed", record.text.trim());
  }
}
