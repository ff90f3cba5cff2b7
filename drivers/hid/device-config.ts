import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Ms } from "../../agent/core/time.ts";
import type { LayoutName } from "./keyboard/layouts.ts";
import type { WedgeSuffix } from "./keyboard/wedge.ts";

/** One configured device: a scanner, a stripe reader, or both in one case. What is given must fit; nothing given fits any scanner. */
export interface HidDeviceConfig {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  /** USB ids. */
  readonly vendorId?: number;
  readonly productId?: number;
  /** The serial number that the device tells: stays when it is plugged in elsewhere. */
  readonly serial?: string;
  /** The socket, as `HID_PHYS` in sysfs without the interface, e.g. `usb-0000:00:14.0-2`; or a device file, or a link to one. */
  readonly path?: string;
  /** What a keyboard wedge is set to; `us` by default. */
  readonly keyboardLayout?: LayoutName;
  /** What a keyboard wedge puts behind a code; by default enter or tab. */
  readonly suffix?: WedgeSuffix;
  /** The longest wait between two keys of a keyboard wedge. */
  readonly interKeyMs?: Ms;
}
