import type { Paper, PaperPage, PaperSheet } from "../core/paper.ts";
import { reasonWords } from "./reason-words.ts";
import { kindWords, verdictWords } from "./receipt-words.ts";
import { paperWords } from "./paper-words.ts";
import { receiptFacts, unknownStretches, type ShownSlip } from "./receipt-facts.ts";
import { text, type Text } from "./text.ts";

/** A page of slips in the language of `say`. */
export function receiptPage(
  slips: readonly { readonly slip: ShownSlip; readonly paper: Paper }[],
  lang: string,
  say: (words: Text) => string,
): PaperPage {
  const sheets = slips.map(({ slip, paper }) => sheetOf(slip, paper, say));
  return { lang, title: sheets[0]?.heading ?? say(text("小票", "Receipt")), words: paperWords(say), sheets };
}

function sheetOf(slip: ShownSlip, paper: Paper, say: (words: Text) => string): PaperSheet {
  const { state, reasons } = slip.reconciliation;
  const unknown = unknownStretches(paper, say);
  return {
    heading: [say(kindWords[slip.kind]), slip.sequenceNumber].filter((word) => word !== undefined).join(" "),
    verdict: {
      text: say(verdictWords(slip.reconciliation)),
      tone: state === "reconciled" ? "good" : state === "unreconciled" ? "bad" : "neutral",
    },
    facts: receiptFacts(slip, paper, say),
    notes: [
      ...reasons.map((reason) => `${say(reasonWords[reason])} (${reason})`),
      ...(slip.status === "truncated" && !reasons.includes("TRUNCATED")
        ? [say(text("小票不完整", "The receipt is cut off."))]
        : []),
      ...(unknown === undefined ? [] : [say(text(`未识别:${unknown}`, `Not understood: ${unknown}`))]),
    ],
    paper,
  };
}
