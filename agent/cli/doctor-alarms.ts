import type { Alarm } from "../control/snapshot.ts";
import { catalogue } from "../core/error-catalogue.ts";
import { isErrorCode } from "../core/errors.ts";
import { wrong, type Finding } from "./doctor-finding.ts";
import { text } from "./text.ts";

/** What the daemon raised and goes on with: each alarm as a warning with its remedy. */
export function alarmsOfDaemon(alarms: readonly Alarm[]): readonly Finding[] {
  return alarms.map(({ code, detail }) => {
    const what = detail === undefined ? code : `${code}: ${detail}`;
    const remedy = catalogue[isErrorCode(code) ? code : "UNEXPECTED"];
    return wrong(`alarm.${code}`, "warn", text(`告警 ${what}`, `alarm ${what}`), remedy);
  });
}
