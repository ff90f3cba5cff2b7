import { spawnSync } from "node:child_process";

/**
 * Runs a program where the machine's clock counts as synchronised: in a mount namespace of its own (unshare(1), mount_namespaces(7)) with the
 * marker of systemd-timesyncd in a /run that holds nothing else but pcscd's folder. The machine itself, and every other process, has
 * its /run as it was. The program follows these words.
 */
export const throughTrustedClock: readonly string[] = [
  "unshare",
  "--mount",
  "--propagation",
  "private",
  "sh",
  "-ec",
  [
    "mkdir -p /run/pcscd",
    "mount -t tmpfs none /mnt",
    "mkdir /mnt/pcscd",
    "mount --bind /run/pcscd /mnt/pcscd",
    "mount -t tmpfs none /run",
    "mkdir -p /run/pcscd /run/systemd/timesync",
    "mount --move /mnt/pcscd /run/pcscd",
    "touch /run/systemd/timesync/synchronized",
    'exec "$@"',
  ].join("; "),
  "sh",
];

/** What keeps this machine from that; `undefined` when nothing does. */
export function missingForTrustedClock(): string | undefined {
  const [command = "", ...words] = throughTrustedClock;
  const tried = spawnSync(command, [...words, "test", "-e", "/run/systemd/timesync/synchronized"], { stdio: "ignore" });
  return tried.status === 0 ? undefined : "no mount namespace can be had (unshare --mount)";
}
