import type { Limits } from './structure.ts';

interface Format {
  readonly matches: RegExp;
  readonly fault: string;
}

/** How texts of a format are written. Faults never show the value, which for `byte` may be a secret. */
const FORMATS: Readonly<Record<string, Format>> = {
  byte: { matches: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, fault: 'is not base64' },
  'date-time': {
    matches: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/,
    fault: 'is not a time such as `2026-01-31T12:00:00Z`',
  },
  quantity: {
    matches: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/,
    fault: 'is not a quantity such as `500m`, `2` or `512Mi`',
  },
};

/** What is wrong with a text of this format, or null. Formats without a rule are not checked. */
export function formatFault(format: string, text: string): string | null {
  const rule = FORMATS[format];
  return rule === undefined || rule.matches.test(text) ? null : rule.fault;
}

/** What is wrong with a number, or null. */
export function rangeFault(format: string | null, value: number, limits: Limits | null): string | null {
  if (format === 'int32' && (value > 2_147_483_647 || value < -2_147_483_648)) return `is ${value}, which does not fit in 32 bits`;
  if (format === 'int64' && !Number.isSafeInteger(value)) return `is ${value}, which is not exact in JSON`;
  if (limits?.minimum !== undefined && value < limits.minimum) return `is ${value}, but must be at least ${limits.minimum}`;
  if (limits?.maximum !== undefined && value > limits.maximum) return `is ${value}, but must be at most ${limits.maximum}`;
  return null;
}
