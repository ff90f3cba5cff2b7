import { createHash } from "node:crypto";
import type { PaperPage, PaperSheet, PaperWords } from "../core/paper.ts";
import { escaped } from "./html-text.ts";
import { pageStyle } from "./page-style.ts";
import { paperHtml } from "./paper-html.ts";
import { SizeRules } from "./size-rules.ts";

/**
 * A page of receipts as one HTML file that needs nothing else and runs nothing: its content security policy allows its own style sheet
 * (by hash) and pictures in the file itself, so that even an escape that was missed could do nothing.
 */
export function htmlPage({ lang, title, words, sheets }: PaperPage): string {
  const sizes = new SizeRules();
  const articles = sheets.map((sheet) => article(sheet, words, sizes)).join("\n");
  const css = `\n${pageStyle}\n${sizes.css}\n`;
  const hash = createHash("sha256").update(css).digest("base64");
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<style>${css}</style>
</head>
<body>
<main>
${articles}
</main>
</body>
</html>
`;
}

function article({ heading, verdict, facts, notes, paper }: PaperSheet, words: PaperWords, sizes: SizeRules): string {
  const rows = facts.map(({ label, value }) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join("\n");
  const list = notes.map((note) => `<li>${escaped(note)}</li>`).join("");
  return `<article>
<header>
<h1>${escaped(heading)}</h1>
<p class="verdict ${verdict.tone}">${escaped(verdict.text)}</p>
<dl>
${rows}
</dl>
${list === "" ? "" : `<ul class="notes">${list}</ul>`}
</header>
${paperHtml(paper, { words, sizes })}
</article>`;
}
