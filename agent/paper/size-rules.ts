/** Collects the sizes a page needs as rules of its style sheet: with no style in the markup, the page can forbid any that is not its own. */
export class SizeRules {
  readonly #names = new Map<string, string>();

  /** The class that has these declarations, e.g. `width:12ch`. Only numbers of ours may stand in it. */
  className(declarations: string): string {
    const known = this.#names.get(declarations);
    if (known !== undefined) return known;
    const name = `s${this.#names.size}`;
    this.#names.set(declarations, name);
    return name;
  }

  /** The rules so far, as CSS. */
  get css(): string {
    return [...this.#names].map(([declarations, name]) => `.${name}{${declarations}}`).join("\n");
  }
}
