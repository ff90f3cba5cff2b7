import type { ReportDescriptor } from "./report-descriptor.ts";
import { findField, openReport, readBytes, readNumber, type FieldPlace } from "./report-fields.ts";
import { readTrack, type Track } from "./stripe-tracks.ts";
import { standardTracks, vendorLayout, type TrackUsages } from "./vendor-layouts.ts";

interface TrackPlace {
  readonly track: Track["track"];
  readonly length: FieldPlace;
  readonly data: FieldPlace;
  readonly status?: FieldPlace;
}

/** What a report of a stripe reader came to. */
export type Swipe =
  /** The tracks that could be read, at least one. */
  | { readonly status: "read"; readonly tracks: readonly Track[] }
  /** A card was swiped and no track could be read. */
  | { readonly status: "unreadable" }
  | { readonly status: "none" };

/**
 * The input reports of one magnetic stripe reader (HID Point of Sale Usage Tables 1.02, page 0x8E, or a maker's own page): one report
 * a swipe. Each track is checked by its sentinels, length, characters and check character; never throws.
 */
export class StripeReports {
  readonly #places: readonly TrackPlace[];
  readonly #isNumbered: boolean;

  private constructor(places: readonly TrackPlace[], isNumbered: boolean) {
    this.#places = places;
    this.#isNumbered = isNumbered;
  }

  /** For a device that is a stripe reader by its descriptor; `undefined` for any other. */
  static of(descriptor: ReportDescriptor, vendorId: number): StripeReports | undefined {
    const wanted = [...standardTracks, ...(vendorLayout(vendorId)?.tracks ?? [])];
    const places = wanted.map((usages) => placeOf(descriptor, usages)).filter((place) => place !== undefined);
    return places.length === 0 ? undefined : new StripeReports(places, descriptor.isNumbered);
  }

  /** Takes one report as Linux hands it out. */
  take(bytes: Uint8Array): Swipe {
    const { id, payload } = openReport(bytes, { isNumbered: this.#isNumbered });
    const texts = this.#places
      .filter(({ data }) => data.reportId === id)
      .map(({ track, length, data, status }) => {
        const count = readNumber(payload, length) ?? 0;
        const isBad = status !== undefined && ((readNumber(payload, status) ?? 0) & 1) === 1;
        const held = readBytes(payload, data);
        return {
          track,
          isBad: isBad || count > held.length,
          text: Buffer.from(held.slice(0, count)).toString("latin1"),
        };
      });
    const tracks = texts
      .filter(({ isBad, text }) => !isBad && text !== "")
      .map(({ track, text }) => readTrack(track, text))
      .filter((track) => track !== undefined);
    if (tracks.length > 0) return { status: "read", tracks };
    return { status: texts.some(({ isBad, text }) => isBad || text !== "") ? "unreadable" : "none" };
  }
}

function placeOf({ fields }: ReportDescriptor, usages: TrackUsages): TrackPlace | undefined {
  const data = findField(fields, usages.data, { isRun: true });
  if (data === undefined || data.bitOffset % 8 !== 0 || data.bitSize % 8 !== 0) return undefined;
  const { reportId } = data;
  const length = findField(fields, usages.length, { reportId });
  const status = usages.status === undefined ? undefined : findField(fields, usages.status, { reportId });
  if (length === undefined) return undefined;
  return { track: usages.track, length, data, ...(status && { status }) };
}
