/** Files that were read before and are looked at again in one look, each in its turn. */
const againAtOnce = 500;

/** Files read last are looked at each time. */
const mostLast = 100;

/**
 * Which files of a folder the system is asked about in one look. One that was read may be written anew under the same name: the last ones
 * that were read, and those that something is told of, are looked at each time, the others in turns. A folder that nobody tidies has more
 * every day, and a look must not take longer for it.
 */
export class DueFiles {
  readonly #last = new Set<string>();
  /** Place of the first name whose turn is next. */
  #turn = 0;

  /** Those of the names that are to be looked at now. `told`: something happened to them since the last look. */
  among(names: readonly string[], told: ReadonlySet<string>, wasRead: (name: string) => boolean): readonly string[] {
    const from = this.#turn < names.length ? this.#turn : 0;
    this.#turn = from + againAtOnce;
    const isDue = (name: string): boolean => !wasRead(name) || told.has(name) || this.#last.has(name);
    return names.filter((name, place) => (place >= from && place < this.#turn) || isDue(name));
  }

  /** A file was read. */
  noteRead(name: string): void {
    this.#last.delete(name);
    this.#last.add(name);
    const [oldest] = this.#last;
    if (this.#last.size > mostLast && oldest !== undefined) this.#last.delete(oldest);
  }
}
