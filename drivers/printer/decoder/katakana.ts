/** Epson's Katakana page: half-width katakana (JIS X 0201) at 0xA1 to 0xDF, lines for boxes at 0x80 to 0x9F. */
export function katakana(): string {
  const boxes = "▁▂▃▄▅▆▇█▏▎▍▌▋▊▉┼┴┬┤├▔─│▕┌┐└┘╭╮╰╯";
  const kana = Array.from({ length: 63 }, (_, i) => String.fromCharCode(0xff61 + i)).join("");
  return `${boxes}\u00A0${kana}═╞╪╡◢◣◥◤♠♥♦♣●○╱╲╳円年月日時分秒〒市区町村人▒ `;
}
