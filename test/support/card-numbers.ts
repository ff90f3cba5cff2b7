/** Digits with the check digit of ISO/IEC 7812-1 appended: test numbers are made at run time, none stands in the sources. */
export function withLuhn(digits: string): string {
  for (let check = 0; check < 10; check += 1) {
    const number = `${digits}${check}`;
    const sum = [...number].reduce((total, digit, index) => {
      const value = (number.length - index) % 2 === 0 ? Number(digit) * 2 : Number(digit);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    if (sum % 10 === 0) return number;
  }
  return digits;
}

/** Digits with the GTIN check digit appended. */
export function withGtinCheck(digits: string): string {
  for (let check = 0; check < 10; check += 1) {
    const number = `${digits}${check}`;
    const sum = [...number].reduce(
      (total, digit, index) => total + Number(digit) * ((number.length - index) % 2 === 0 ? 3 : 1),
      0,
    );
    if (sum % 10 === 0) return number;
  }
  return digits;
}
