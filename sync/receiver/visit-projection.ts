import { input } from "./projection-input.ts";

const at = (member: string): string => `to_timestamp((d -> '${member}' ->> 'wallMs')::double precision / 1000)`;

const common = "visit_id, agent, epoch, seq, idempotency_key, occurred_at, clock_trusted, zone_id, beacon_id";
const commonValues =
  "d ->> 'visitId', agent, epoch, seq, idempotency_key, occurred_at, clock_trusted, d ->> 'zoneId', d ->> 'beaconId'";

/** A `visit.started` entry becomes a row, or completes the one that its end made first. */
export const visitStarted = `WITH ${input("visit.started")}
  INSERT INTO visits AS v (${common}, device_id, token, key_version, first_seen_at)
  SELECT ${commonValues}, d ->> 'deviceId', d -> 'evidence' -> 0 ->> 'token',
    (d -> 'evidence' -> 0 ->> 'keyVersion')::integer, ${at("firstSeenAt")}
  FROM input
  ORDER BY seq
  ON CONFLICT (visit_id) DO UPDATE SET device_id = excluded.device_id, token = excluded.token,
    key_version = excluded.key_version, first_seen_at = excluded.first_seen_at
  WHERE v.agent = excluded.agent AND v.first_seen_at IS NULL`;

/** A `visit.ended` entry completes the row of its visit. Where the beginning did not fit the tables, it makes one. */
export const visitEnded = `WITH ${input("visit.ended")}
  INSERT INTO visits AS v (${common}, last_seen_at, dwell_ms, sightings, strongest_rssi_dbm, end_reason)
  SELECT ${commonValues}, ${at("lastSeenAt")}, (d ->> 'dwellMs')::double precision::bigint, (d ->> 'sightings')::integer,
    (d ->> 'strongestRssiDbm')::real, d ->> 'reason'
  FROM input
  ORDER BY seq
  ON CONFLICT (visit_id) DO UPDATE SET last_seen_at = excluded.last_seen_at, dwell_ms = excluded.dwell_ms,
    sightings = excluded.sightings, strongest_rssi_dbm = excluded.strongest_rssi_dbm, end_reason = excluded.end_reason
  WHERE v.agent = excluded.agent AND v.end_reason IS NULL`;
