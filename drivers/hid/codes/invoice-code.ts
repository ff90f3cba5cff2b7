/** The code of an invoice or fiscal receipt: which scheme, and the number that names the document. */
export interface InvoiceCode {
  readonly scheme: string;
  readonly number: string;
}

interface Scheme {
  readonly scheme: string;
  readonly form: RegExp;
  readonly number: (groups: Readonly<Record<string, string | undefined>>) => string;
}

/**
 * Forms by their fixed members; the members that hold amounts or signatures are not looked at. `fapiao`: tax invoice of China (`01`, type,
 * code, number, amount, date, check code). `rksv`: Austrian cash register (RKSV, annex, Z 12). `tse`: German security system (DSFinV-K,
 * annex I). `atcud`: Portuguese document (Portaria 195/2020).
 */
const schemes: readonly Scheme[] = [
  {
    scheme: "fapiao",
    form: /^01,\d{2},(?<code>\d{10}|\d{12}|),(?<number>\d{8}|\d{20}),[-\d.]{0,16},\d{8},/,
    number: ({ code = "", number = "" }) => code + number,
  },
  {
    scheme: "rksv",
    form: /^_R\d{1,2}-[A-Z]{2}\d{1,3}_(?<box>[^_]{1,64})_(?<receipt>[^_]{1,64})_\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d_/,
    number: ({ box = "", receipt = "" }) => `${box}_${receipt}`,
  },
  {
    scheme: "tse",
    form: /^V0;(?<client>[^;]{1,64});[^;]{1,64};[^;]{0,1024};(?<transaction>\d{1,12});\d{1,12};/,
    number: ({ client = "", transaction = "" }) => `${client};${transaction}`,
  },
  {
    scheme: "atcud",
    form: /^A:\d{9}\*B:[^*]{1,32}\*C:[A-Z]{2,12}\*D:[A-Z]{2}\*E:[A-Z]\*F:\d{8}\*G:[^*]{1,64}\*H:(?<atcud>[^*]{1,72})\*/,
    number: ({ atcud = "" }) => atcud,
  },
];

/** Reads the code of an invoice or fiscal receipt; `undefined` when it is none that is known. */
export function readInvoiceCode(text: string): InvoiceCode | undefined {
  if (text.length > 2048) return undefined;
  for (const { scheme, form, number } of schemes) {
    const groups = form.exec(text)?.groups;
    if (groups) return { scheme, number: number(groups) };
  }
  return undefined;
}
