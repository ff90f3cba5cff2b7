import { defineConfig } from "vitest/config";
import { PlainCount } from "./test/support/plain-count.ts";

/**
 * Five projects. `unit` and `contract` are part of `npm run check`; `device` runs beside them and has the contract suites of real native
 * libraries over emulated devices, which wait for a pcscd or a controller most of the time. `integration` and then `e2e` follow, one file at a time: they measure the machine's patience.
 */
export default defineConfig({
  test: {
    reporters: ["default", new PlainCount()],
    // Most tests wait for processes of their own: three at a time keep two cores busy.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/{folder,host,printer,sync}/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "device",
          include: ["test/contract/{nfc,ble,hid,serial}/**/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 1 },
          include: ["test/integration/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "e2e",
          sequence: { groupOrder: 2 },
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
