/** The entry of @abandonware/noble 1.9 that does not open an adapter by itself; the package has no types for it. */
declare module "@abandonware/noble/with-custom-binding.js" {
  /** Makes a Noble over the HCI of this machine. */
  const createNoble: (options: { deviceId?: number }) => unknown;
  export default createNoble;
}
