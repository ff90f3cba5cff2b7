declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Position of an entry in the ledger: 1, 2, 3, ... without holes. Order in storeloop comes from this number, never from a clock. */
export type Seq = Brand<number, "Seq">;

/** Identifier of one uninterrupted life of a ledger (a UUID). A new epoch begins when ledger and receiver no longer agree. */
export type Epoch = Brand<string, "Epoch">;

/** Identifier of an entry (a UUID version 7), unique in the world, unchanged when an entry is shipped again. */
export type EntryId = Brand<string, "EntryId">;

/** A checkout position of the store as configured, e.g. `05`. ARTS POSLog calls the till on it a workstation. */
export type LaneId = Brand<string, "LaneId">;

/** A part of the store that a radio covers, as configured, e.g. `entrance`. */
export type ZoneId = Brand<string, "ZoneId">;

/** Identifier of a configured device, e.g. `till-5-printer`. It stays the same when the device is plugged in elsewhere. */
export type DeviceId = Brand<string, "DeviceId">;

/** Identifier of one run of bytes from a print line (a TCP connection, an opening of a serial port), a UUID. */
export type StreamId = Brand<string, "StreamId">;

/** Takes a number as a {@link Seq}. The caller vouches that it is a positive integer (0 means "before the first entry"). */
export const asSeq = (value: number): Seq => value as Seq;

/** Takes a string as an {@link Epoch}. */
export const asEpoch = (value: string): Epoch => value as Epoch;

/** Takes a string as an {@link EntryId}. */
export const asEntryId = (value: string): EntryId => value as EntryId;

/** Takes a string as a {@link LaneId}. */
export const asLaneId = (value: string): LaneId => value as LaneId;

/** Takes a string as a {@link ZoneId}. */
export const asZoneId = (value: string): ZoneId => value as ZoneId;

/** Takes a string as a {@link DeviceId}. */
export const asDeviceId = (value: string): DeviceId => value as DeviceId;

/** Takes a string as a {@link StreamId}. */
export const asStreamId = (value: string): StreamId => value as StreamId;

const testStream = "test-";

/** The id of a stream that a person plays. Its name says so, so that what comes of it is known as a test even after a restart. */
export const asTestStreamId = (uuid: string): StreamId => asStreamId(testStream + uuid);

/** Whether a stream was played by a person: see {@link asTestStreamId}. */
export const isTestStream = (id: StreamId): boolean => id.startsWith(testStream);
