import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { TempFolder } from "./temp-folder.ts";

/** Whether certificates can be made here. */
export const opensslAvailable = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** Files of a certificate for 127.0.0.1 that signs itself, and its PEM for those who are to trust it. */
export function selfSigned(folder: TempFolder): { readonly cert: string; readonly key: string; readonly ca: Buffer } {
  const cert = folder.file("cert.pem");
  const key = folder.file("key.pem");
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { cert, key, ca: readFileSync(cert) };
}
