import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { openNoble } from "../../../../drivers/ble/noble-radio.ts";

const listener = { heard: () => undefined, stateChanged: () => undefined, scanStopped: () => undefined };
const nothing = (): void => undefined;
const methods = { on: nothing, startScanning: nothing, stopScanning: nothing, state: "unknown" };
const deaf = Object.assign(new EventEmitter(), { readBdAddr: nothing, _socket: { isDevUp: () => true } });
const halfAnHci = new EventEmitter().on("leAdvertisingReport", nothing);

// What another version of the library might be.
it.each([
  ["nothing", undefined],
  ["a function", nothing],
  ["without methods", { _bindings: {} }],
  ["without bindings", methods],
  ["with bindings that are not open", { ...methods, _bindings: { _hci: null } }],
  ["with bindings of another kind", { ...methods, _bindings: {} }],
  ["with an HCI layer that nobody listens to", { ...methods, _bindings: { _hci: deaf } }],
  ["with an HCI layer that cannot be asked", { ...methods, _bindings: { _hci: halfAnHci } }],
])("names a library %s as not the one it needs", (_, library) => {
  expect(() => openNoble(library, listener)).toThrow(expect.objectContaining({ code: "BLE_LIBRARY_MISSING" }));
});
