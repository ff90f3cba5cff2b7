/** The GS1 check digit of the digits before it (General Specifications 7.9.1): weights 3 and 1 from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) sum += Number(digits[i]) * ((digits.length - i) % 2 === 1 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

/** Whether the last of the digits is the check digit of those before it. Anything but digits is not. */
export function hasCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}
