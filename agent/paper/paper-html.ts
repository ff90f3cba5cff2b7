import {
  isBlack,
  type Bitmap,
  type Paper,
  type PaperImage,
  type PaperItem,
  type PaperLine,
  type PaperSymbol,
  type PaperWords,
  type TextRun,
} from "../core/paper.ts";
import { escaped, gridText } from "./html-text.ts";
import { pngOf } from "./png.ts";
import type { SizeRules } from "./size-rules.ts";

/** What drawing paper as HTML needs. */
export interface PaperHtmlParts {
  readonly words: PaperWords;
  /** Takes the sizes the markup refers to. */
  readonly sizes: SizeRules;
}

/** Height of a line of text in columns: 30 dots to the 12 of a column. */
const lineColumns = 2.5;

/** The paper as HTML: text on a grid, pictures as PNG, symbols as SVG. Everything printed is escaped. */
export function paperHtml(paper: Paper, parts: PaperHtmlParts): string {
  const draw = new PaperHtml(paper, parts);
  const width = parts.sizes.className(`width:${paper.columns}ch`);
  const items = paper.items.map((item) => draw.item(item)).join("\n");
  return `<div class="paper"${lettersOf(paper)}><div class="${width}">\n${items}\n</div></div>`;
}

/** Chinese and Japanese share characters and write some differently: kana tell. */
function lettersOf({ items }: Paper): string {
  const text = items.map((item) => (item.type === "line" ? item.text : "")).join("");
  if (/[\u3041-\u30FF]/.test(text)) return ' lang="ja"';
  return /[\u4E00-\u9FFF]/.test(text) ? ' lang="zh-CN"' : "";
}

class PaperHtml {
  readonly #dotsPerColumn: number;
  readonly #words: PaperWords;
  readonly #sizes: SizeRules;

  constructor({ dotsPerColumn }: Paper, { words, sizes }: PaperHtmlParts) {
    this.#dotsPerColumn = dotsPerColumn;
    this.#words = words;
    this.#sizes = sizes;
  }

  item(item: PaperItem): string {
    switch (item.type) {
      case "line":
        return this.#line(item);
      case "image":
        return this.#image(item);
      case "symbol":
        return this.#symbol(item);
      case "stored-image":
        return `<div class="${item.align}"><span class="box">${escaped(this.#words.storedImage(item.name))}</span></div>`;
      case "cut":
        return `<div class="cut" title="${escaped(this.#words.cut)}"></div>`;
      case "unknown":
        return this.#mark(this.#words.unknown(item.endOffset - item.startOffset));
      case "broken":
        return this.#mark(this.#words.broken);
    }
  }

  #mark(text: string): string {
    return `<div class="mark">${escaped(text)}</div>`;
  }

  #line({ align, runs }: PaperLine): string {
    const small = runs.length > 0 && runs.every((run) => run.small);
    const tall = runs.reduce((most, { scaleY }) => Math.max(most, scaleY), 1);
    const height = this.#sizes.className(`height:${lineColumns * tall}ch`);
    const inner = inOrder(runs) ? this.#flowing(runs) : this.#overlaid(runs);
    return `<div class="line ${height} ${align}"><span${small ? ' class="small"' : ""}>${inner}</span></div>`;
  }

  #flowing(runs: readonly TextRun[]): string {
    let column = 0;
    let html = "";
    for (const run of runs) {
      html += " ".repeat(Math.max(0, Math.round(run.column - column))) + this.#run(run);
      column = run.column + run.columns;
    }
    return html;
  }

  /** Something was printed over: each run stands where it was printed. */
  #overlaid(runs: readonly TextRun[]): string {
    const width = runs.reduce((most, run) => Math.max(most, run.column + run.columns), 0);
    const pieces = runs.map(
      (run) => `<span class="at ${this.#sizes.className(`left:${run.column}ch`)}">${this.#run(run)}</span>`,
    );
    return `<span class="over ${this.#sizes.className(`width:${width}ch`)}">${pieces.join("")}</span>`;
  }

  #run(run: TextRun): string {
    const { bold, underline, inverse, red, scaleX, scaleY } = run;
    const classes = [bold && "b", underline && "u", inverse && "v", red && "r"].filter((name) => name !== false);
    const text = gridText(run.text, run.columns / scaleX);
    if (scaleX === 1 && scaleY === 1)
      return classes.length === 0 ? text : `<span class="${classes.join(" ")}">${text}</span>`;
    const size = this.#sizes.className(`width:${run.columns}ch;height:${lineColumns * scaleY}ch`);
    const scale = this.#sizes.className(`transform:scale(${scaleX},${scaleY})`);
    return `<span class="${["big", size, ...classes].join(" ")}"><span class="${scale}">${text}</span></span>`;
  }

  #image({ align, bitmap, scaleX, scaleY }: PaperImage): string {
    const size = this.#size(bitmap.width * scaleX, bitmap.height * scaleY);
    const png = pngOf(bitmap).toString("base64");
    return `<div class="${align}"><img class="${size}" alt="" src="data:image/png;base64,${png}"></div>`;
  }

  #symbol(symbol: PaperSymbol): string {
    const { align, symbology, data, letters, modules, moduleDots, heightDots } = symbol;
    const caption = `<div class="hri">${escaped(data)}</div>`;
    if (modules === undefined)
      return `<div class="${align}"><span class="box">${escaped(symbology)}: ${escaped(data)}</span></div>`;
    const linear = modules.height === 1;
    const size = this.#size(modules.width * moduleDots, linear ? heightDots : modules.height * moduleDots);
    const picture = svg(modules, `${size} code`, `${symbology}: ${data}`);
    const above = linear && (letters === "above" || letters === "both") ? caption : "";
    const below = linear && (letters === "below" || letters === "both") ? caption : "";
    return `<div class="${align}"><div class="symbol">${above}${picture}${below}</div></div>`;
  }

  /** A size in printer dots. */
  #size(width: number, height: number): string {
    const columns = (dots: number): string => (dots / this.#dotsPerColumn).toFixed(3);
    return this.#sizes.className(`width:${columns(width)}ch;aspect-ratio:${width}/${height}`);
  }
}

/** Bitmap as SVG, a rectangle for each run of black dots in a row. */
function svg(bitmap: Bitmap, classes: string, title: string): string {
  let path = "";
  for (let y = 0; y < bitmap.height; y += 1) {
    let from = -1;
    for (let x = 0; x <= bitmap.width; x += 1) {
      const black = isBlack(bitmap, x, y);
      if (black && from < 0) from = x;
      if (black || from < 0) continue;
      path += `M${from} ${y}h${x - from}v1h${from - x}z`;
      from = -1;
    }
  }
  const { width, height } = bitmap;
  const box = `viewBox="0 0 ${width} ${height}" preserveAspectRatio="none"`;
  return `<svg class="${classes}" role="img" ${box}><title>${escaped(title)}</title><path d="${path}"/></svg>`;
}

function inOrder(runs: readonly TextRun[]): boolean {
  let column = 0;
  for (const run of runs) {
    if (run.column < column) return false;
    column = run.column + run.columns;
  }
  return true;
}
