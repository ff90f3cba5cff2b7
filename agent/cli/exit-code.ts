/** What the command line answers to a shell; documented in `--help`. */
export const exitCode = {
  ok: 0,
  /** Something failed, or a check found something wrong. */
  failure: 1,
  /** The command was not written as `--help` says. */
  usage: 2,
  /** The daemon that should have answered is not running. */
  notRunning: 4,
  /** A check was ended by Ctrl+C before it had seen everything: as shells say of a program that SIGINT (2) ended, 128 + 2. */
  cutOff: 130,
} as const;
