/** The entry of @abandonware/noble 1.9 that does not open an adapter by itself; the package has no types for it. */
declare module "@abandonware/noble/with-custom-binding.js" {
  import type { Noble } from "./noble-radio.ts";

  const createNoble: (options: { deviceId?: number }) => Noble;
  export default createNoble;
}
