import { describe, expect, it } from "vitest";
import { PanRedactor, redactPans } from "../../../agent/receipts/pan.ts";
import { withLuhn } from "../../support/card-numbers.ts";

const visa = withLuhn("411122233344455");
const masked = "*".repeat(12) + visa.slice(-4);
/** What becomes of a text, whole and byte by byte: the same. */
function redact(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const whole = Buffer.from(redactPans(bytes)).toString("latin1");
  const redactor = new PanRedactor();
  const single = Array.from(bytes, (one) => redactor.push(Uint8Array.of(one)));
  expect(Buffer.concat([...single, redactor.flush()]).toString("latin1")).toBe(whole);
  return whole;
}
const star = "\x1b\x1dt\x01";
const byte = (value: number): string => String.fromCharCode(value);
const word = (value: number): string => byte(value % 256) + byte(Math.floor(value / 256));

/** Commands by the bytes that begin them and how many parameters follow (Epson's ESC/POS reference; Star's line mode reference). */
const commands: readonly (readonly [bytes: readonly string[], parameters: number])[] = [
  [Array.from("@2", (code) => `\x1b${code}`), 0],
  [Array.from("! -3GMRVart{T%=?JKdeuU", (code) => `\x1b${code}`), 1],
  [Array.from("$\\Bcf", (code) => `\x1b${code}`), 2],
  [["\x1bp"], 3],
  [["\x1bW"], 8],
  [Array.from("&.", (code) => `\x1c${code}`), 0],
  [Array.from("!-CW", (code) => `\x1c${code}`), 1],
  [["\x1cS"], 2],
  [Array.from("!BHbfhw/EITajr", (code) => `\x1d${code}`), 1],
  [Array.from("LPW$\\", (code) => `\x1d${code}`), 2],
  [["\x1d^", "\x1dz"], 3],
  [["\x10\x04", "\x10\x05"], 1],
  [["\x1dVA", "\x1dVB"], 1],
  [["\x10\x14\x01"], 2],
  [["\x10\x14\x03"], 5],
  [["\x10\x14\x07"], 1],
  [["\x10\x14\x08"], 7],
  [["\x10\x04\x07", "\x10\x04\x08", "\x10\x04\x12"], 1],
  [["\x1bD", "\x1bF", "\x1bb1234", "\x1c}12", "\x1d:", "\x1dc", "\x1f@"], 0],
  [Array.from("EF45MP", (code) => `${star}\x1b${code}`), 0],
  [Array.from(" -RzQlWhd$", (code) => `${star}\x1b${code}`), 1],
  [[`${star}\x1bi`, `${star}\x1bs`], 2],
  [["\x1b\x1da", "\x1b\x1dt"], 1],
  [["\x1b\x1dA", "\x1b\x1dR"], 2],
  [["\x1b\x1d\x03"], 3],
  [["\x1b\x1e", `\x1b\x1ea1\x1bi`], 2],
  [["\x1b\x1dyP", "\x1b\x1dxP", "\x1b\x1dyI", "\x1b\x1dZ"], 0],
  [["\x1b\x1dyS0", "\x1b\x1dyS1", "\x1b\x1dxS1"], 1],
  [["\x1b\x1dxS0"], 3],
  [[`${star}\x1b\x06`, `${star}\x1b\x0c`, "\x10\x04\x00"], 1],
  [["\x1bE\x00", "\x1bE\x01", "\x1dV\x00", "\x1dV1"], 0],
];
const rows = commands.flatMap(([begins, parameters]) =>
  begins.map((bytes) => ({ name: JSON.stringify(bytes), bytes, parameters })),
);

/** Pictures: what announces so many bytes of pixels. */
const pictures: readonly (readonly [name: string, header: string, pixels: number])[] = [
  ["ESC * of 8 dots", `\x1b*\x00${word(300)}`, 300],
  ["ESC * of 24 dots", `\x1b*\x21${word(300)}`, 900],
  ["GS v 0", `\x1dv0\x00${word(33)}${word(20)}`, 660],
  ["GS ( L", `\x1d(L${word(700)}`, 700],
  ["GS 8 L", `\x1d8L${word(700)}\x00\x00`, 700],
  ["GS 8 L, long", `\x1d8L${word(700)}\x01\x00`, 66_236],
  ["GS *", `\x1d*\x0b\x07`, 616],
  ["FS 2", `\x1c2\x77\x21`, 72],
  ["FS q", `\x1cq\x01${word(9)}${word(3)}`, 216],
  ["Star ESC X", `${star}\x1bX${word(100)}`, 300],
  ["Star ESC k", `${star}\x1bk${word(11)}`, 264],
  ["Star ESC K", `${star}\x1bK\x63\x00`, 99],
  ["Star ESC GS S", `\x1b\x1dS\x01${word(33)}${word(20)}\x00`, 660],
];

describe("a card number behind a command", () => {
  it.each(rows)(
    "is masked and the command is as it was, whatever its parameters are: $name",
    ({ bytes, parameters }) => {
      // A digit, a letter, a control code, and the byte of another command.
      for (const value of ["4", "7", "A", "\x02", "\x1d"]) {
        const command = bytes + value.repeat(parameters);
        expect(redact(`No 12\n${command}${visa}\n`)).toBe(`No 12\n${command}${masked}\n`);
      }
    },
  );

  it.each(pictures)("is masked where the pixels end: %s", (_, header, pixels) => {
    // Pixels that are digits would make the number another, and an ESC would take its first digit.
    for (const pixel of ["\xff", "\x00", "4", "\x1b"]) {
      const picture = header + pixel.repeat(pixels);
      expect(redact(`No 12\n${picture}${visa}\n`)).toBe(`No 12\n${picture}${masked}\n`);
    }
  });

  it.each([
    "\x1b\x1dyD1\x00\x10\x00",
    "\x1b\x1dxD\x10\x00",
    "\x1dk\x04",
    "\x1dk\x02",
    `\x1dkE\x10`,
    `\x1d(k${word(19)}1P0`,
  ])("is masked as the data of a symbol: %j", (begin) => {
    expect(redact(`No 12\n${begin}${visa}\x00\n`)).toBe(`No 12\n${begin}${masked}\x00\n`);
  });

  it.each(["2200", "3530", "4", "51", "6011", "8110"])(
    "is masked from its first digit on, when that is no switch of ESC E: %s",
    (begin) => {
      const pan = withLuhn(begin.padEnd(15, "1"));
      expect(redact(`No 12\n\x1bE${pan}\n`)).toBe(`No 12\n\x1bE${"*".repeat(12)}${pan.slice(-4)}\n`);
    },
  );

  it("is masked behind a picture that was cut short, once lines of text show it", () => {
    const picture = `\x1dv0\x00${word(33)}${word(200)}`;
    for (const pixels of ["", "\xff".repeat(60), "\x00".repeat(600)]) {
      for (const text of ["THANK YOU FOR YOUR VISIT\n", `${"x".repeat(19)}\n`, "Milk   1.00\nTea   2.00\n"]) {
        const begin = picture + pixels + text;
        expect(redact(`${begin}${visa}\n`)).toBe(`${begin}${masked}\n`);
      }
    }
  });

  it("is none in the pixels of a picture, whatever they spell", () => {
    for (const pixels of [
      visa.repeat(4).padEnd(66, "\x00"),
      `\n\n\n\n\x01${visa}`.padEnd(66, "\x00"),
      `ab\n\x80${visa}`.padEnd(66, " "),
    ]) {
      const picture = `\x1dv0\x00${word(33)}${word(2)}${pixels}`;
      expect(redact(`${picture}${visa}\n`)).toBe(`${picture}${masked}\n`);
    }
  });

  it("is masked behind a list of settings, and behind one that is too long to be one", () => {
    for (const count of [0, 1, 2, 3, 31, 32]) {
      const command = `\x1d(C${word(count)}${"4".repeat(count)}`;
      expect(redact(`No 12\n${command}${visa}\n`), `${count} settings`).toBe(`No 12\n${command}${masked}\n`);
    }
    const noise = `\x1d(C${word(33)}`;
    expect(redact(`No 12\n${noise}${visa}\n`)).toBe(`No 12\n${noise}${masked}\n`);
  });
});
