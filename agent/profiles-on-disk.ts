import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CharsetCache } from "../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../drivers/printer/decoder/print-decoder.ts";
import { StoreloopError } from "./core/errors.ts";
import { FilesRefused, type FileFault } from "./core/file-fault.ts";
import { readProfileFile, type ProfileWithSamples } from "./profile-file.ts";
import { checkSamples } from "./receipts/check-samples.ts";
import type { Profile } from "./receipts/profile.ts";
import type { NewSampleDecoder } from "./receipts/sample-slip.ts";
import { sampleFault } from "./sample-faults.ts";

/** The folder of the profiles that ship with the program. */
export const shippedFolder = resolve(fileURLToPath(new URL("../config/profiles/", import.meta.url)));

/** A profile and where it comes from. */
export interface LibraryProfile extends ProfileWithSamples {
  readonly origin: "store" | "shipped";
}

/** All profiles that could be read, in the order in which they are asked, and what is wrong with the others. */
export interface ProfileLibrary {
  readonly profiles: readonly LibraryProfile[];
  readonly faults: readonly FileFault[];
}

/**
 * Reads the profiles of the store, if it has a folder for them, and those that ship, without trying their samples. A profile of the
 * store takes the place of a shipped one of the same name and is asked before the others. Throws `FILE_UNREADABLE` for the folder.
 */
export function readLibrary(storeFolder?: string): ProfileLibrary {
  const own = storeFolder === undefined || resolve(storeFolder) === shippedFolder ? undefined : storeFolder;
  const store = own === undefined ? { profiles: [], faults: [] } : readFolder(own, "store");
  const shipped = readFolder(shippedFolder, "shipped");
  const named = new Set(store.profiles.map(({ profile }) => profile.name));
  return {
    profiles: [...store.profiles, ...shipped.profiles.filter(({ profile }) => !named.has(profile.name))],
    faults: [...store.faults, ...shipped.faults],
  };
}

function readFolder(folder: string, origin: LibraryProfile["origin"]): ProfileLibrary {
  const profiles: LibraryProfile[] = [];
  const faults: FileFault[] = [];
  for (const file of yamlFiles(folder)) {
    const name = join(folder, file);
    const read = readProfileFile({ name, folder, text: textOf(name) });
    if (!read.ok) {
      faults.push(...read.faults);
      continue;
    }
    const twin = profiles.find(({ profile }) => profile.name === read.value.profile.name);
    if (twin === undefined) profiles.push({ ...read.value, origin });
    else faults.push(read.value.fault("DUPLICATE_ID", ["profile"], "value", takenName(twin)));
  }
  return { profiles, faults };
}

function yamlFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted();
  } catch (error) {
    throw new StoreloopError(
      "FILE_UNREADABLE",
      { "zh-CN": `读不到版式目录 ${folder}`, en: `cannot read the folder of profiles ${folder}` },
      { cause: error },
    );
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new StoreloopError(
      "FILE_UNREADABLE",
      { "zh-CN": `读不到 ${path}`, en: `cannot read ${path}` },
      { cause: error },
    );
  }
}

const takenName = ({ file, profile }: ProfileWithSamples) => ({
  message: { "zh-CN": `名称 ${profile.name} 已用于 ${file}`, en: `${file} has the name ${profile.name} already` },
  hint: { "zh-CN": "换一个不同的名称。", en: "Give it a name of its own." },
});

/** Decoders for samples; those of one call share their tables of characters. */
export function sampleDecoders(): NewSampleDecoder {
  const charsets = new CharsetCache();
  return (charset) => (startOffset) =>
    createPrintDecoder({ startOffset, charsets, ...(charset !== undefined && { defaultCharset: charset }) });
}

/**
 * What is wrong with the samples of these profiles. A shipped profile is tried among those that ship: that a store's own takes its
 * slips is what the store wants.
 */
export function sampleFaults(library: readonly LibraryProfile[]): readonly FileFault[] {
  const newDecoder = sampleDecoders();
  const shipped = library.filter(({ origin }) => origin === "shipped").map(({ profile }) => profile);
  const all = library.map(({ profile }) => profile);
  return library.flatMap((one) => {
    const profiles = one.origin === "shipped" ? shipped : all;
    return checkSamples(one.profile, one.samples, { profiles, newDecoder }).map((failure) => sampleFault(one, failure));
  });
}

/** Everything that is wrong with the profiles of the store and those that ship, samples included. */
export function checkProfiles(storeFolder?: string): {
  readonly names: readonly string[];
  readonly faults: readonly FileFault[];
} {
  const { profiles, faults } = readLibrary(storeFolder);
  return { names: profiles.map(({ profile }) => profile.name), faults: [...faults, ...sampleFaults(profiles)] };
}

/**
 * The profiles of the store and those that ship, all of which read their samples rightly. Throws `PROFILE_INVALID` or
 * `PROFILE_SAMPLE_FAILED` that names every fault of every file with its place, `FILE_UNREADABLE` for the store's folder.
 */
export function readProfiles(storeFolder?: string): readonly Profile[] {
  const { profiles, faults } = readLibrary(storeFolder);
  if (faults.length > 0) throw new FilesRefused("PROFILE_INVALID", faults);
  const failed = sampleFaults(profiles);
  if (failed.length > 0) throw new FilesRefused("PROFILE_SAMPLE_FAILED", failed);
  return profiles.map(({ profile }) => profile);
}
