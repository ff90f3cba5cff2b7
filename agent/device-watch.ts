import type { LiveEvent } from "./core/live-event.ts";
import type { DeviceState, Driver } from "./core/driver.ts";
import type { Logger } from "./core/logger.ts";
import type { Clock } from "./core/time.ts";

const everyMs = 500;

/** Looks at the drivers' device states and tells of each change once, until aborted. */
export async function watchDevices(
  drivers: readonly Driver[],
  clock: Clock,
  logger: Logger,
  publish: (event: LiveEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, string>();
  while (!signal.aborted) {
    for (const device of drivers.flatMap((driver) => driver.devices())) {
      const { state, code, detail } = device.health;
      const now = `${state} ${code ?? ""}`;
      if (known.get(device.deviceId) === now) continue;
      known.set(device.deviceId, now);
      publish(changed(device, clock));
      const fields = { deviceId: device.deviceId, laneId: device.laneId, zoneId: device.zoneId, state, code, detail };
      if (state === "down" || state === "failed") logger.warn(fields, "device is not working");
      else logger.info(fields, "device changed its state");
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

function changed({ deviceId, laneId, zoneId, type, health }: DeviceState, clock: Clock): LiveEvent {
  const { state, code, detail } = health;
  return {
    type: "device",
    atMs: clock.now().wallMs,
    deviceId,
    ...(laneId !== undefined && { laneId }),
    ...(zoneId !== undefined && { zoneId }),
    deviceType: type,
    state,
    ...(code !== undefined && { code }),
    ...(detail !== undefined && { detail }),
  };
}
