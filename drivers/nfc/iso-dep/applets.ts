import { KeySet, type Ntag424KeyOptions } from "../ntag424/key-set.ts";
import type { Applet } from "./applet.ts";
import { emvApplet } from "./emv.ts";
import { ndefApplet } from "./ndef.ts";
import { ntag424Applet } from "./ntag424.ts";
import { transitApplet } from "./transit.ts";
import type { WalletSetup } from "./wallet/setup.ts";
import { smartTapApplet, type SmartTapOptions } from "./wallet/smart-tap-applet.ts";
import { vasApplet, type VasPassOptions } from "./wallet/vas-applet.ts";

/** What may be asked of cards and phones, and with which keys: plain data, so that it can cross into a child process. */
export interface CredentialOptions {
  /** Names of applets in the order in which a card is asked for them; those left out are not asked for. */
  readonly order?: readonly string[];
  readonly ntag424?: readonly Ntag424KeyOptions[];
  /** Apple Wallet passes and the keys they are encrypted for. */
  readonly passes?: readonly VasPassOptions[];
  /** The merchant as Google Wallet knows it. */
  readonly smartTap?: SmartTapOptions;
}

/** What identifies comes first; a bank or transit card is told only when nothing does. */
const defaultOrder: readonly string[] = ["vas", "smart-tap", "ntag424", "ndef", "transit", "emv"];

/** The configured keys of NTAG 424 DNA tags. Throws a RangeError when one is not usable. */
export function keySetsOf({ ntag424 = [] }: CredentialOptions = {}): readonly KeySet[] {
  return ntag424.map((keys) => new KeySet(keys));
}

/**
 * The applets that the options ask for and hold keys for, in order. A name in the order that nothing is known by is passed over. Throws a
 * RangeError when a key is not usable.
 */
export function appletsOf(options: CredentialOptions = {}, keySets = keySetsOf(options)): readonly Applet[] {
  const authenticating = keySets.some((keys) => keys.authenticates) ? [ntag424Applet(keySets)] : [];
  const known: readonly Applet[] = [
    ...walletApplets(options),
    ...authenticating,
    ndefApplet(keySets),
    transitApplet,
    emvApplet,
  ];
  return (options.order ?? defaultOrder).flatMap((name) => known.filter((applet) => applet.name === name));
}

function walletApplets({ passes = [], smartTap }: CredentialOptions): readonly Applet[] {
  const setups: readonly WalletSetup[] = [
    ...(passes.length === 0 ? [] : [vasApplet({ passes })]),
    ...(smartTap === undefined ? [] : [smartTapApplet(smartTap)]),
  ];
  return setups.map((setup) => {
    if (!setup.ok) throw new RangeError(`${setup.code} ${setup.keyName}: ${setup.reason}`);
    return setup.applet;
  });
}
