/** What umockdev needs in the environment of a process that is to see its devices, on top of the rest (umockdev-wrapper(1)). */
export interface VirtualHidEnvironment {
  readonly LD_PRELOAD: string;
  readonly UMOCKDEV_DIR: string;
}

/** The environment for the test bed at a folder. */
export function virtualHidEnvironment(folder: string): VirtualHidEnvironment {
  return { LD_PRELOAD: "libumockdev-preload.so.0", UMOCKDEV_DIR: folder };
}
