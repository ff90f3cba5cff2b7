/** A short Weierstrass curve over a prime field with a = -3, as all of SEC 2 used here have it. */
export interface Curve {
  /** Bytes of a coordinate, and of each half of a signature. */
  readonly bytes: number;
  readonly p: bigint;
  readonly b: bigint;
  readonly n: bigint;
  readonly g: Point;
}

/** An affine point. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** The curves of the chip makers' originality signatures (SEC 2 1.0 and 2.0, domain parameters). */
export const curves = {
  secp128r1: {
    bytes: 16,
    p: 0xfffffffdffffffffffffffffffffffffn,
    b: 0xe87579c11079f43dd824993c2cee5ed3n,
    n: 0xfffffffe0000000075a30d1b9038a115n,
    g: { x: 0x161ff7528b899b2d0c28607ca52c5b86n, y: 0xcf5ac8395bafeb13c02da292dded7a83n },
  },
  prime192v1: {
    bytes: 24,
    p: 0xfffffffffffffffffffffffffffffffeffffffffffffffffn,
    b: 0x64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1n,
    n: 0xffffffffffffffffffffffff99def836146bc9b1b4d22831n,
    g: {
      x: 0x188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012n,
      y: 0x07192b95ffc8da78631011ed6b24cdd573f977a11e794811n,
    },
  },
  secp224r1: {
    bytes: 28,
    p: 0xffffffffffffffffffffffffffffffff000000000000000000000001n,
    b: 0xb4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4n,
    n: 0xffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3dn,
    g: {
      x: 0xb70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21n,
      y: 0xbd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34n,
    },
  },
} as const satisfies Record<string, Curve>;

/** A point in Jacobian coordinates: x / z², y / z³. z = 0 is the point at infinity. */
export interface Jacobian {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
}

const infinity: Jacobian = { x: 1n, y: 1n, z: 0n };

/** Whether a point is on the curve. */
export function isOnCurve({ p, b }: Curve, { x, y }: Point): boolean {
  return x < p && y < p && mod(y * y - (x * x - 3n) * x - b, p) === 0n;
}

/** u·G + v·Q in one pass over the bits of both (Shamir's trick). Not constant in time: for public values only. */
export function linearCombination(curve: Curve, u: bigint, v: bigint, q: Point): Jacobian {
  const g: Jacobian = { ...curve.g, z: 1n };
  const other: Jacobian = { ...q, z: 1n };
  const both = add(curve, g, other);
  let sum = infinity;
  for (let bit = BigInt(curve.bytes * 8 - 1); bit >= 0n; bit--) {
    sum = double(curve, sum);
    const ofG = ((u >> bit) & 1n) === 1n;
    const ofQ = ((v >> bit) & 1n) === 1n;
    if (ofG || ofQ) sum = add(curve, sum, ofG && ofQ ? both : ofG ? g : other);
  }
  return sum;
}

/** The inverse modulo a prime, of anything but 0 (extended Euclid). */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1] = [modulus, mod(value, modulus)];
  let [t0, t1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [t0, t1] = [t1, t0 - quotient * t1];
  }
  return mod(t0, modulus);
}

/** The remainder, never negative. */
export function mod(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** Doubling for a = -3 (Explicit-Formulas Database, dbl-2001-b). */
function double({ p }: Curve, { x, y, z }: Jacobian): Jacobian {
  const delta = (z * z) % p;
  const gamma = (y * y) % p;
  const beta = (x * gamma) % p;
  const alpha = mod(3n * (x - delta) * (x + delta), p);
  const doubled = mod(alpha * alpha - 8n * beta, p);
  return {
    x: doubled,
    y: mod(alpha * (4n * beta - doubled) - 8n * gamma * gamma, p),
    z: mod((y + z) * (y + z) - gamma - delta, p),
  };
}

/** Addition of any two points (Explicit-Formulas Database, add-1998-cmo-2). */
function add(curve: Curve, left: Jacobian, right: Jacobian): Jacobian {
  if (left.z === 0n) return right;
  if (right.z === 0n) return left;
  const { p } = curve;
  const leftZ2 = (left.z * left.z) % p;
  const rightZ2 = (right.z * right.z) % p;
  const u = (left.x * rightZ2) % p;
  const s = (left.y * rightZ2 * right.z) % p;
  const h = mod(right.x * leftZ2 - u, p);
  const r = mod(right.y * leftZ2 * left.z - s, p);
  if (h === 0n) return r === 0n ? double(curve, left) : infinity;
  const h2 = (h * h) % p;
  const h3 = (h2 * h) % p;
  const x = mod(r * r - h3 - 2n * u * h2, p);
  return { x, y: mod(r * (u * h2 - x) - s * h3, p), z: (left.z * right.z * h) % p };
}
