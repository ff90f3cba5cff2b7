import type { BeaconConfig, Config, HidConfig, NfcConfig } from "../config/config.ts";
import type { BeaconMatch } from "../drivers/ble/beacon-catalogue.ts";
import type { BleOptions } from "../drivers/ble/hosted.ts";
import type { HidDriverOptions } from "../drivers/hid/hid-driver.ts";
import type { CredentialOptions } from "../drivers/nfc/iso-dep/applets.ts";
import type { NfcDriverOptions } from "../drivers/nfc/nfc-driver.ts";
import { asDeviceId, asLaneId, asZoneId } from "./core/ids.ts";

/** What the driver of all contactless readers is told, keys in the open. */
export function readerOptions({ lanes, nfc }: Pick<Config, "lanes" | "nfc">): NfcDriverOptions {
  const readers = lanes.flatMap((lane) =>
    lane.devices
      .filter((device): device is NfcConfig => device.type === "nfc")
      .map(({ id, reader, serial }) => ({
        deviceId: asDeviceId(id),
        laneId: asLaneId(lane.id),
        reader,
        ...(serial !== undefined && { serial }),
      })),
  );
  return { readers, credentials: credentialOptions(nfc) };
}

function credentialOptions({ order, ntag424, vas, smartTap }: Config["nfc"]): CredentialOptions {
  return {
    order,
    ntag424: ntag424.map(({ name, metaReadKey, fileReadKey, authKey, authKeyNumber, diversified, parameters }) => ({
      keyName: name,
      authKeyNumber,
      ...(metaReadKey && { metaReadKeyHex: metaReadKey.reveal().trim() }),
      ...(fileReadKey && { fileReadKeyHex: fileReadKey.reveal().trim() }),
      ...(authKey && { authKeyHex: authKey.reveal().trim() }),
      ...(diversified !== "none" && { diversified }),
      ...(parameters && { parameters }),
    })),
    passes: vas.map(({ name, passTypeId, url, privateKey }) => ({
      keyName: name,
      passTypeId,
      privateKeyPem: privateKey?.reveal() ?? "",
      ...(url !== undefined && { url }),
    })),
    ...(smartTap && {
      smartTap: {
        keyName: smartTap.name,
        collectorId: smartTap.collectorId,
        keyVersion: smartTap.keyVersion,
        privateKeyPem: smartTap.privateKey?.reveal() ?? "",
      },
    }),
  };
}

/** What the driver of all scanners and stripe readers is told. */
export function scannerOptions({ lanes, codes }: Pick<Config, "lanes" | "codes">): HidDriverOptions {
  const devices = lanes.flatMap((lane) =>
    lane.devices
      .filter((device): device is HidConfig => device.type === "hid")
      .map(({ id, vendorId, productId, serial, path, keyboardLayout, suffix }) => ({
        deviceId: asDeviceId(id),
        laneId: asLaneId(lane.id),
        keyboardLayout,
        ...(vendorId !== undefined && { vendorId: Number.parseInt(vendorId, 16) }),
        ...(productId !== undefined && { productId: Number.parseInt(productId, 16) }),
        ...(serial !== undefined && { serial }),
        ...(path !== undefined && { path }),
        ...(suffix !== undefined && { suffix }),
      })),
  );
  return { devices, codes };
}

/** What the drivers of all radios are told, keys of beacons in the open. */
export function radioOptions({ zones, beacons }: Pick<Config, "zones" | "beacons">): BleOptions {
  const radios = zones.flatMap((zone) =>
    zone.devices.map(({ id, library, adapter, address, path, baudRate }) => ({
      deviceId: asDeviceId(id),
      zoneId: asZoneId(zone.id),
      port:
        path === undefined
          ? { library, ...(address === undefined ? { adapter } : { address }) }
          : { library: "stoprocent" as const, uart: { port: path, baudRate } },
    })),
  );
  return { radios, beacons: beacons.map((beacon) => ({ beaconId: beacon.id, match: matchOf(beacon) })) };
}

function matchOf(beacon: BeaconConfig): BeaconMatch {
  switch (beacon.type) {
    case "ibeacon": {
      const { type, uuid, major, minor } = beacon;
      return { type, uuid, ...(major !== undefined && { major }), ...(minor !== undefined && { minor }) };
    }
    case "altbeacon": {
      const { type, uuid, major, minor } = beacon;
      return {
        type,
        id1: uuid,
        ...(major !== undefined && { id2: major }),
        ...(minor !== undefined && { id3: minor }),
      };
    }
    case "eddystone-uid": {
      const { type, namespace, instance } = beacon;
      return { type, namespace, ...(instance !== undefined && { instance }) };
    }
    case "eddystone-url":
      return { type: beacon.type, url: beacon.url };
    case "eddystone-eid": {
      const { type, identityKey, rotationExponent, beaconTimeSeconds, asOf, driftSeconds } = beacon;
      const identityKeyHex = identityKey?.reveal().trim() ?? "";
      return { type, identityKeyHex, rotationExponent, beaconTimeSeconds, asOfMs: Date.parse(asOf), driftSeconds };
    }
    case "irk":
      return { type: beacon.type, irkHex: beacon.irk?.reveal().trim() ?? "" };
  }
}
