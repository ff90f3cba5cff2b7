import * as z from "zod";
import type { Path } from "./fault.ts";
import { schema } from "./schema.ts";

/** The keys a schema (that of the configuration unless told otherwise) knows at a path of a value. The value decides between the kinds of device. */
export function knownKeys(path: Path, value: unknown, from: z.core.$ZodType = schema): readonly string[] {
  let current: z.core.$ZodType | undefined = from;
  let at = value;
  for (const step of path) {
    current = child(choose(current, at), step);
    at = typeof at === "object" && at !== null ? Reflect.get(at, step) : undefined;
  }
  const object = choose(current, at);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function child(from: z.core.$ZodType | undefined, step: string | number): z.core.$ZodType | undefined {
  if (from instanceof z.ZodArray) return from.element;
  if (!(from instanceof z.ZodObject)) return undefined;
  const shape: Record<string, z.core.$ZodType> = from.shape;
  return Object.hasOwn(shape, step) ? shape[step] : undefined;
}

/** Takes off the wrappers (readonly, default, optional) and picks the member of a union that the value's `type` names. */
function choose(from: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined {
  let current = from;
  while (
    current instanceof z.ZodReadonly ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodOptional ||
    current instanceof z.ZodExactOptional
  )
    current = current.unwrap();
  if (!(current instanceof z.ZodDiscriminatedUnion)) return current;
  return current.options.map((option) => choose(option, value)).find((option) => accepts(option, value));
}

function accepts(option: z.core.$ZodType | undefined, value: unknown): boolean {
  if (!(option instanceof z.ZodObject) || typeof value !== "object" || value === null || !("type" in value))
    return false;
  const literal: unknown = option.shape["type"];
  return literal instanceof z.ZodLiteral && [...literal.values].some((name) => name === value.type);
}
