/** Units of a definition: Kubernetes quantities (a decimal number and one suffix), days and durations. */

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** The number that a quantity stands for: bytes, or cores. NaN when it is not one. */
export function quantityValue(quantity: string): number {
  const [, digits = '', suffix = ''] = /^([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const factor = FACTORS[suffix];
  return factor === undefined || digits === '' ? Number.NaN : Number(digits) * factor;
}

const BINARY_SUFFIXES = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;

/** Bytes as the API server would print them, so that what we write is what it stores. */
export function bytesQuantity(bytes: number): string {
  const suffix = BINARY_SUFFIXES.find((candidate) => bytes >= (FACTORS[candidate] ?? 1) && bytes % (FACTORS[candidate] ?? 1) === 0);
  return suffix === undefined ? String(bytes) : `${bytes / (FACTORS[suffix] ?? 1)}${suffix}`;
}

/** Cores as the API server would print them: whole, or in thousandths. */
export function coresQuantity(cores: number): string {
  const milli = Math.ceil(cores * 1000 - 1e-6);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

/** One quantity in canonical form; memory and storage in binary units where that is exact. */
export function canonicalQuantity(quantity: string): string {
  const value = quantityValue(quantity);
  const binary = /[KMGTPE]i$/.test(quantity);
  if (binary) return bytesQuantity(Math.ceil(value));
  return /^[0-9]+[kMGTPE]?$/.test(quantity) && !/000$/.test(quantity.replace(/[A-Za-z]$/, '')) ? quantity : decimalQuantity(value);
}

const DECIMAL_SUFFIXES = ['E', 'P', 'T', 'G', 'M', 'k'] as const;

function decimalQuantity(value: number): string {
  if (!Number.isInteger(value)) return `${Math.ceil(value * 1000 - 1e-6)}m`;
  const suffix = DECIMAL_SUFFIXES.find((candidate) => value >= (FACTORS[candidate] ?? 1) && value % (FACTORS[candidate] ?? 1) === 0);
  return suffix === undefined ? String(value) : `${value / (FACTORS[suffix] ?? 1)}${suffix}`;
}

/** `365d` as a number of days. */
export const daysOf = (text: string): number => Number(text.slice(0, -1));

const SECONDS: Readonly<Record<string, number>> = { ms: 1e-3, s: 1, m: 60, h: 3600, d: 86_400 };

/** `90m`, `2h` or `1d` as a number of seconds. NaN when it is no duration. */
export function durationSeconds(text: string): number {
  const [, digits = '', unit = ''] = /^([0-9]+)(ms|s|m|h|d)$/.exec(text) ?? [];
  return digits === '' ? Number.NaN : Number(digits) * (SECONDS[unit] ?? Number.NaN);
}
