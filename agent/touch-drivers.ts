import type { BeaconConfig, Config, HidConfig, NfcConfig } from "../config/config.ts";
import type { BeaconMatch } from "../drivers/ble/beacon-catalogue.ts";
import { createBleDriver } from "../drivers/ble/hosted.ts";
import { createHidDriver } from "../drivers/hid/hosted.ts";
import { createNfcDriver } from "../drivers/nfc/hosted.ts";
import type { CredentialOptions } from "../drivers/nfc/iso-dep/applets.ts";
import type { Driver } from "./core/driver.ts";
import { asDeviceId, asLaneId, asZoneId } from "./core/ids.ts";
import type { Logger } from "./core/logger.ts";
import type { Clock } from "./core/time.ts";

/** What the drivers of readers, scanners and radios are given. */
export interface TouchDriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Environment of the scanners' process, where it is not that of this one: how the demo's virtual scanner comes to it. */
  readonly hidEnvironment?: Readonly<Record<string, string | undefined>>;
}

/**
 * The drivers of everything that people are known by: one for all contactless readers, one for all scanners, one for all radios; none
 * where nothing of the kind is configured. Each runs in child processes; keys go to these in the open, and to no file or log.
 */
export function touchDrivers(config: Config, parts: TouchDriverParts): readonly Driver[] {
  return [...cardReaders(config, parts), ...scanners(config, parts), ...radios(config, parts)];
}

function cardReaders({ lanes, nfc }: Config, { clock, logger }: TouchDriverParts): readonly Driver[] {
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
  return readers.length === 0
    ? []
    : [createNfcDriver({ readers, credentials: credentialOptions(nfc) }, { clock, logger })];
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

function scanners({ lanes, codes }: Config, { clock, logger, hidEnvironment }: TouchDriverParts): readonly Driver[] {
  const devices = lanes.flatMap((lane) =>
    lane.devices
      .filter((device): device is HidConfig => device.type === "hid")
      .map(({ id, vendorId, productId, serial, path, keyboardLayout }) => ({
        deviceId: asDeviceId(id),
        laneId: asLaneId(lane.id),
        keyboardLayout,
        ...(vendorId !== undefined && { vendorId: Number.parseInt(vendorId, 16) }),
        ...(productId !== undefined && { productId: Number.parseInt(productId, 16) }),
        ...(serial !== undefined && { serial }),
        ...(path !== undefined && { path }),
      })),
  );
  if (devices.length === 0) return [];
  return [createHidDriver({ devices, codes }, { clock, logger, ...(hidEnvironment && { env: hidEnvironment }) })];
}

function radios({ zones, beacons }: Config, { clock, logger }: TouchDriverParts): readonly Driver[] {
  const configured = zones.flatMap((zone) =>
    zone.devices.map(({ id, library, adapter, address, path, baudRate }) => ({
      deviceId: asDeviceId(id),
      zoneId: asZoneId(zone.id),
      port:
        path === undefined
          ? { library, ...(address === undefined ? { adapter } : { address }) }
          : { library: "stoprocent" as const, uart: { port: path, baudRate } },
    })),
  );
  if (configured.length === 0) return [];
  const known = beacons.map((beacon) => ({ beaconId: beacon.id, match: matchOf(beacon) }));
  return [createBleDriver({ radios: configured, beacons: known }, { clock, logger })];
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
