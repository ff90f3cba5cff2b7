/** An object type without `undefined` among its values: what is not there has no key. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what was not found. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
