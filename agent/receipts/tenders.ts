import type { Tender } from "../core/transaction.ts";
import type { ProfileSource } from "./profile-schema.ts";
import type { SlipText } from "./slip-text.ts";
import { referenceOn, walletOf } from "./tender-reference.ts";

type Rule = ProfileSource["tenders"][number];

interface Draft {
  readonly rule: Rule;
  readonly amountMinor: number;
  reference: string | undefined;
  merchantReference: string | undefined;
}

/** The tenders of a slip by the rules of its profile. A tender's references stand on its line or on the lines under it. */
export function readTenders(slip: SlipText): readonly Tender[] {
  const drafts: Draft[] = [];
  for (const [index, line] of slip.lines.entries()) {
    const begun = begin(slip, line);
    if (begun !== undefined) drafts.push(begun);
    const last = drafts.at(-1);
    if (last !== undefined) refer(slip, last, line, slip.lines[index + 1] ?? "");
  }
  return drafts.map(finish);
}

function begin(slip: SlipText, line: string): Draft | undefined {
  for (const rule of slip.profile.source.tenders) {
    const groups = slip.profile.pattern(rule.line)(line);
    const amountMinor = slip.toMinor(groups?.["amount"] ?? "");
    if (groups !== undefined && amountMinor !== undefined)
      return { rule, amountMinor, reference: groups["reference"], merchantReference: groups["merchantReference"] };
  }
  return undefined;
}

function refer(slip: SlipText, draft: Draft, line: string, next: string): void {
  const { reference, merchantReference, type } = draft.rule;
  draft.reference ??= captured(slip, reference, line) ?? referenceOn(line, type) ?? acrossLines(line, next, type);
  draft.merchantReference ??= captured(slip, merchantReference, line);
}

/** On narrow paper a number of 28 digits goes on at the beginning of the next line. */
function acrossLines(line: string, next: string, type: Tender["tenderType"]): string | undefined {
  const [head] = /\d+$/.exec(line) ?? [];
  const [tail] = /^\s*\d+(?=\s*$)/.exec(next) ?? [];
  if (head === undefined || tail === undefined || type === "card") return undefined;
  return referenceOn(head + tail.trim(), type);
}

function captured(slip: SlipText, pattern: string | undefined, line: string): string | undefined {
  return pattern === undefined ? undefined : Object.values(slip.profile.pattern(pattern)(line) ?? {})[0];
}

function finish({ rule, amountMinor, reference, merchantReference }: Draft): Tender {
  return {
    tenderType: walletOf(reference, rule.type),
    amountMinor,
    ...(reference !== undefined && { reference }),
    ...(merchantReference !== undefined && { merchantReference }),
  };
}
