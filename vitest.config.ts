import { defineConfig } from "vitest/config";
import { PlainCount } from "./test/support/plain-count.ts";

/**
 * Four projects. `unit` and `contract` are part of `npm run check` and run together: contract tests mostly wait for a real pcscd or a
 * real database, on ports of their own. `integration` and then `e2e` follow, one file at a time: they measure the machine's patience.
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
          include: ["test/contract/**/*.test.ts"],
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
