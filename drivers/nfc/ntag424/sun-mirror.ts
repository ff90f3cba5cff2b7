import type { SunParameters } from "./key-set.ts";

/** What a tag mirrored into a URI, as it stands there (NXP AN12196, 4.1). Not checked yet. */
export interface SunMirror {
  readonly picc:
    | { readonly type: "encrypted"; readonly bytes: Uint8Array }
    | { readonly type: "plain"; readonly uid: Uint8Array; readonly counter: number };
  readonly fileData?: Uint8Array;
  readonly mac: Uint8Array;
  /**
   * What the MAC may stand for. Where its input begins (SDMMACInputOffset) is in the tag's settings, not in the URI: nothing, or all from
   * the beginning of one of the mirrors up to the MAC.
   */
  readonly macInputs: readonly Uint8Array[];
}

type Mirror = keyof SunParameters;

/** In the order in which they stand in a value that they share. */
const mirrors: readonly Mirror[] = ["uid", "counter", "picc", "enc", "mac"];

/** A parameter's value and where it begins. */
interface Value {
  readonly text: string;
  readonly at: number;
}

/** Characters of the mirrors: two for a byte. */
const chars = { mac: 16, uid: 14, counter: 6, aesPicc: 32, lrpPicc: 48, block: 32 } as const;

/** Names in NXP's examples and in what tags are set up with. */
const usual: readonly SunParameters[] = [
  { picc: "picc_data", enc: "enc", mac: "cmac" },
  { picc: "e", enc: "enc", mac: "c" },
  { uid: "uid", counter: "ctr", enc: "enc", mac: "cmac" },
  { uid: "uid", counter: "ctr", enc: "enc", mac: "c" },
];

const maxUriChars = 2_048;

/** Finds the mirrors of a SUN message in a URI; `undefined` when it has none by those names, in those lengths. By default the usual names. */
export function findSunMirror(uri: string, parameters?: SunParameters): SunMirror | undefined {
  if (uri.length > maxUriChars) return undefined;
  const values = valuesOf(uri);
  for (const names of parameters ? [parameters] : usual) {
    const mirror = mirrorOf(uri, values, names);
    if (mirror) return mirror;
  }
  return undefined;
}

/** The values of all parameters of query and fragment; of those with one name the first. Nothing is decoded: a mirror is hexadecimal. */
function valuesOf(uri: string): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const start = uri.search(/[?#]/);
  if (start < 0) return values;
  for (const { 0: parameter, index } of uri.slice(start).matchAll(/[^?#&]+/g)) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    const name = parameter.slice(0, equals);
    if (!values.has(name)) values.set(name, { text: parameter.slice(equals + 1), at: start + index + equals + 1 });
  }
  return values;
}

function mirrorOf(uri: string, values: ReadonlyMap<string, Value>, names: SunParameters): SunMirror | undefined {
  const found = placesOf(values, names);
  const mac = found.mac && bytesOf(found.mac, [chars.mac]);
  const picc = found.picc ? encryptedPicc(found.picc) : plainPicc(found);
  if (!found.mac || !mac || !picc) return undefined;
  const fileData = found.enc && bytesOf(found.enc);
  if (found.enc && (!fileData || found.enc.text.length % chars.block !== 0)) return undefined;
  const end = found.mac.at;
  const starts = [end, ...Object.values(found).map(({ at }) => at)].filter((at) => at <= end);
  const macInputs = [...new Set(starts)].map((at) => Buffer.from(uri.slice(at, end)));
  return { picc, mac, macInputs, ...(fileData && { fileData }) };
}

/** Where each mirror stands. Those that share a name are cut out of its value. */
function placesOf(values: ReadonlyMap<string, Value>, names: SunParameters): Partial<Record<Mirror, Value>> {
  const roles = mirrors.filter((mirror) => names[mirror] !== undefined);
  const byName = Object.groupBy(roles, (mirror) => names[mirror] ?? "");
  const places: Partial<Record<Mirror, Value>> = {};
  for (const [name, sharing = []] of Object.entries(byName)) {
    const value = values.get(name);
    if (value) Object.assign(places, cut(value, sharing));
  }
  return places;
}

function cut(value: Value, sharing: readonly Mirror[]): Partial<Record<Mirror, Value>> {
  const body = value.text.length - (sharing.includes("mac") ? chars.mac : 0);
  const piccChars = body % chars.block === 0 ? chars.aesPicc : chars.lrpPicc;
  const piccEnd = sharing.includes("picc") ? (sharing.includes("enc") ? piccChars : body) : 0;
  const ends: Partial<Record<Mirror, readonly [number, number]>> = {
    picc: [0, piccEnd],
    enc: [piccEnd, body],
    mac: [body, value.text.length],
  };
  const parts = sharing.flatMap((mirror): [Mirror, Value][] => {
    const [from, to] = ends[mirror] ?? [0, value.text.length];
    return to > from ? [[mirror, { text: value.text.slice(from, to), at: value.at + from }]] : [];
  });
  return Object.fromEntries(parts);
}

function encryptedPicc(value: Value): SunMirror["picc"] | undefined {
  const bytes = bytesOf(value, [chars.aesPicc, chars.lrpPicc]);
  return bytes && { type: "encrypted", bytes };
}

/** In plain the counter stands with its highest byte first (AN12196, 4.1). */
function plainPicc(found: Partial<Record<Mirror, Value>>): SunMirror["picc"] | undefined {
  const uid = found.uid && bytesOf(found.uid, [chars.uid]);
  const counter = found.counter && bytesOf(found.counter, [chars.counter]);
  return uid && counter && { type: "plain", uid, counter: counter.readUIntBE(0, 3) };
}

/** The bytes of a mirror; `undefined` when it is not hexadecimal, or not of one of the lengths. */
function bytesOf({ text }: Value, lengths: readonly number[] = [text.length]): Buffer | undefined {
  return lengths.includes(text.length) && /^([0-9A-Fa-f]{2})+$/.test(text) ? Buffer.from(text, "hex") : undefined;
}
