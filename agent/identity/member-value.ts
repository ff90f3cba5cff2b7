/** A member number of a programme, in one spelling, whatever it was shown with. */
export function memberValue(programme: string, value: string): string {
  return `${programme}:${value.replaceAll(/[\s-]/g, "").toUpperCase()}`;
}
