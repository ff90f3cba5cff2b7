import { defineConfig } from "vitest/config";
import { PlainCount } from "./test/support/plain-count.ts";

/**
 * Four projects, run one after the other from fast to slow. `unit` and `contract` are part of `npm run check`; all but `unit` share
 * ports, pcscd or the machine's patience, and so run one file at a time.
 */
export default defineConfig({
  test: {
    reporters: ["default", new PlainCount()],
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], environment: "node" } },
      {
        test: {
          name: "contract",
          sequence: { groupOrder: 1 },
          include: ["test/contract/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
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
