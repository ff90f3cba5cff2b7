import type { Config } from "../config/config.ts";
import type { CredentialOptions } from "../drivers/nfc/iso-dep/applets.ts";

/** What the readers' driver looks for on cards and phones, with the keys in the open: for the driver's process, never for a file or a log. */
export function credentialOptions({ order, ntag424, vas, smartTap }: Config["nfc"]): CredentialOptions {
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
