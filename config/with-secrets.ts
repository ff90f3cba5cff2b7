import { formatPath, type Path } from "./fault.ts";
import { secretOfKey, type SecretName } from "./secret-rules.ts";
import type { Secret } from "./secret.ts";

/** A value of the file with its secrets read: `<name>File` and `<name>Env` give way to `<name>`, wherever they stand. */
export type WithSecrets<T> = T extends readonly (infer Item)[]
  ? readonly WithSecrets<Item>[]
  : T extends object
    ? { readonly [K in keyof T as K extends `${SecretName}${"File" | "Env"}` ? never : K]: WithSecrets<T[K]> } & {
        readonly [K in keyof T as K extends `${infer Name extends SecretName}File` ? Name : never]?: Secret;
      }
    : T;

/** Puts secrets in the place of their names. `found` has them by path, e.g. `uplink.password`. */
export function withSecrets<T>(value: T, found: ReadonlyMap<string, Secret>): WithSecrets<T> {
  return settled(value, found, []) as WithSecrets<T>;
}

function settled(value: unknown, found: ReadonlyMap<string, Secret>, path: Path): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => settled(item, found, [...path, index]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
      const name = secretOfKey(key);
      if (name === undefined) return [[key, settled(inner, found, [...path, key])]];
      const secret = found.get(formatPath([...path, name]));
      return secret === undefined ? [] : [[name, secret]];
    }),
  );
}
