/** The part of nfc-pcsc 0.8 that storeloop uses; the package ships no types. */
declare module "nfc-pcsc" {
  import type { EventEmitter } from "node:events";

  /** The reader object of @pokusew/pcsclite underneath. */
  interface CardReader extends EventEmitter {
    readonly SCARD_STATE_PRESENT: number;
    readonly SCARD_STATE_EMPTY: number;
  }

  export interface Reader extends EventEmitter {
    readonly name: string;
    readonly reader: CardReader;
    readonly connection: object | null;
    autoProcessing: boolean;
    connect(mode?: "CONNECT_MODE_DIRECT" | "CONNECT_MODE_CARD"): Promise<unknown>;
    disconnect(): Promise<unknown>;
    control(data: Buffer, responseMaxLength: number): Promise<Buffer>;
    transmit(data: Buffer, responseMaxLength: number): Promise<Buffer>;
    close(): void;
  }

  export class NFC extends EventEmitter {
    close(): void;
  }
}
