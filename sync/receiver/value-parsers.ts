/** Types whose values both adapters must read alike, by their OID in pg_type. */
const asWritten = { date: 1082, timestamp: 1114, timestamptz: 1184 } as const;

const int8 = 20;

/** How values of some types are read from PostgreSQL's text form. The rest is left to each library, which agree on it. */
export const valueParsers: Readonly<Record<number, (text: string) => unknown>> = {
  [int8]: (text: string) => {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : text;
  },
  [asWritten.date]: (text: string) => text,
  [asWritten.timestamp]: (text: string) => text,
  [asWritten.timestamptz]: (text: string) => text,
};
