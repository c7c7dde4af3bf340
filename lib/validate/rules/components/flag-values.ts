/** What a flag of one pflag type takes: the test, and words and an example for the author. */
interface ValueType {
  readonly takes: (value: string) => boolean;
  readonly kind: string;
  readonly example: string;
}

const DURATION = /^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+)$/;

const matches = (pattern: RegExp) => (value: string): boolean => pattern.test(value);
const whole = (least: number, greatest: number) => (value: string): boolean => /^[-+]?[0-9]+$/.test(value) && Number(value) >= least && Number(value) <= greatest;
const number = (value: string): boolean => value.trim() === value && value !== '' && Number.isFinite(Number(value));
const each = (takes: (part: string) => boolean) => (value: string): boolean => value.split(',').every(takes);

const INTEGER: ValueType = { takes: whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), kind: 'a whole number', example: '3000' };
const INT32: ValueType = { ...INTEGER, takes: whole(-(2 ** 31), 2 ** 31 - 1) };
const UNSIGNED: ValueType = { takes: whole(0, Number.MAX_SAFE_INTEGER), kind: 'a whole number from 0 on', example: '10' };
const DECIMAL: ValueType = { takes: number, kind: 'a number', example: '0.001' };
const PAIRS: ValueType = { takes: each((part) => part === '' || part.includes('=')), kind: 'pairs of name=value', example: 'name=value' };

/** The types that are checked; a value of another type is left to the component. */
const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  bool: { takes: matches(/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/), kind: 'true or false', example: 'true' },
  int: INTEGER,
  int32: INT32,
  int64: INTEGER,
  Level: INT32,
  int32Slice: { ...INT32, takes: each(INT32.takes), kind: 'whole numbers with commas between them', example: '1,2' },
  uint: UNSIGNED,
  float32: DECIMAL,
  float64: DECIMAL,
  duration: { takes: matches(DURATION), kind: 'a duration', example: '30s' },
  ip: { takes: matches(/^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)$/), kind: 'an address', example: '10.20.0.11' },
  portRange: { takes: matches(/^[0-9]+(-[0-9]+|\+[0-9]+)?$/), kind: 'a range of ports', example: '30000-32767' },
  mapStringString: PAIRS,
  mapStringBool: PAIRS,
  stringToString: PAIRS,
};

/** Types whose flag may be repeated; of any other, the last value would win in silence. */
const REPEATABLE = new Set([
  'stringSlice', 'stringArray', 'int32Slice', 'mapStringString', 'mapStringBool', 'stringToString', 'namedCertKey', 'colonSeparatedMultimapStringString',
]);

export const isRepeatable = (type: string): boolean => REPEATABLE.has(type);

/** What a flag of this type would have taken, when it does not take this value. */
export function misfitOf(type: string, value: string): Pick<ValueType, 'kind' | 'example'> | null {
  const known = Object.hasOwn(VALUE_TYPES, type) ? VALUE_TYPES[type] : undefined;
  return known === undefined || known.takes(value) ? null : known;
}
