import { createHmac } from "node:crypto";
import { blockBytes, encryptBlock, encryptCbc, xor } from "./aes.ts";
import { cmac, subkeysOf } from "./cmac.ts";

/** AN10922's constant for AES-128 keys. Behind it stand 1 to 31 bytes of input, so that there are two blocks at most. */
const aes128Constant = 0x01;
const maxInputBytes = 31;

/**
 * A tag's own key (NXP AN10922, 2.2): a CMAC over the constant and the input, which are always padded to two blocks. Throws a RangeError
 * when the input does not have 1 to 31 bytes.
 */
export function diversifyAn10922(masterKey: Uint8Array, input: Uint8Array): Buffer {
  if (input.length < 1 || input.length > maxInputBytes) throw new RangeError("the input has 1 to 31 bytes");
  const blocks = Buffer.alloc(2 * blockBytes);
  blocks.set([aes128Constant, ...input]);
  const subkeys = subkeysOf(encryptBlock(masterKey, Buffer.alloc(blockBytes)));
  const isWhole = input.length === maxInputBytes;
  if (!isWhole) blocks[1 + input.length] = 0x80;
  const last = xor(blocks.subarray(blockBytes), isWhole ? subkeys.whole : subkeys.padded);
  return encryptCbc(masterKey, Buffer.concat([blocks.subarray(0, blockBytes), last])).subarray(blockBytes);
}

/** Keys as the open tools of nfc-developer derive them from one master key of 16 or 32 bytes (sdm-backend, libsdm/derive.py). */
export const nfcDeveloper = {
  /** The key of the PICC data, which must be the same for all tags: the UID is not known yet. */
  metaReadKey(masterKey: Uint8Array): Buffer {
    return isBlank(masterKey) ? Buffer.alloc(blockBytes) : hmac(masterKey, Buffer.from("PICCDataKey"));
  },

  /** A tag's own key of that number. */
  tagKey(masterKey: Uint8Array, uid: Uint8Array, keyNumber: number): Buffer {
    if (isBlank(masterKey)) return Buffer.alloc(blockBytes);
    const slot = hmac(masterKey, Buffer.concat([Buffer.from("SlotMasterKey"), Buffer.of(keyNumber)]));
    const base = createHmac("sha256", masterKey).update("DivBaseKey").digest();
    return cmac(slot, Buffer.concat([Buffer.of(aes128Constant), hmac(base, uid)]));
  },
};

function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  return createHmac("sha256", key).update(message).digest().subarray(0, blockBytes);
}

/** A delivery key of sixteen zeros stands for tags that still have theirs. */
function isBlank(key: Uint8Array): boolean {
  return key.length === blockBytes && key.every((byte) => byte === 0);
}
