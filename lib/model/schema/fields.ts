/** Small builders for JSON Schema, so that a section of the model reads as a table of fields. */
export type Schema = { readonly [keyword: string]: unknown };

type Extra = { readonly [keyword: string]: unknown };

export const text = (description: string, extra: Extra = {}): Schema => ({ type: 'string', description, ...extra });

export const integer = (description: string, minimum: number, maximum: number, extra: Extra = {}): Schema =>
  ({ type: 'integer', description, minimum, maximum, ...extra });

export const flag = (description: string): Schema => ({ type: 'boolean', description });

export const oneOfTexts = (description: string, values: readonly string[]): Schema =>
  ({ type: 'string', description, enum: values });

export const list = (description: string, items: Schema, extra: Extra = {}): Schema =>
  ({ type: 'array', description, items, ...extra });

export const mapOf = (description: string, values: Schema, extra: Extra = {}): Schema =>
  ({ type: 'object', description, additionalProperties: values, ...extra });

/** An object that takes these fields and no other. */
export const object = (description: string, properties: Record<string, Schema>, required: readonly string[] = []): Schema =>
  ({ type: 'object', description, additionalProperties: false, required: [...required], properties });

/** Any JSON object: for configuration whose own schema is another program's (an audit rule, a plugin's file). */
export const anyObject = (description: string): Schema => ({ type: 'object', description, additionalProperties: true });

export const ref = (definition: string): Schema => ({ $ref: `#/$defs/${definition}` });

/** A choice told apart by its `type`. */
export const choice = (description: string, options: readonly Schema[]): Schema =>
  ({ description, type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: options });

export const option = (type: string, description: string, properties: Record<string, Schema> = {}, required: readonly string[] = []): Schema =>
  object(description, { type: { const: type, type: 'string' }, ...properties }, ['type', ...required]);

/** Exactly one of these properties. */
export const exactlyOne = (description: string, properties: Record<string, Schema>): Schema =>
  ({ ...object(description, properties), minProperties: 1, maxProperties: 1 });

const DNS_LABEL = '^[a-z]([-a-z0-9]*[a-z0-9])?$';
const DNS_NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

export const dnsLabel = (description: string, maxLength = 63): Schema => text(description, { pattern: DNS_LABEL, maxLength, format: 'dns-label' });
export const dnsName = (description: string): Schema => text(description, { pattern: DNS_NAME, maxLength: 253, format: 'dns-name' });
export const quantity = (description: string): Schema =>
  text(description, { pattern: '^[0-9]+(\\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$', format: 'quantity' });
export const days = (description: string): Schema => text(description, { pattern: '^[1-9][0-9]{0,4}d$', format: 'days' });
export const seconds = (description: string): Schema => text(description, { pattern: '^[0-9]+(ms|s|m|h)$', format: 'duration' });
export const cron = (description: string): Schema => text(description, { pattern: '^(\\S+\\s){4}\\S+$', format: 'cron' });
export const version = (description: string): Schema => text(description, { pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$', format: 'version' });
export const cidr = (description: string): Schema => text(description, { format: 'cidr' });
export const address = (description: string): Schema => text(description, { format: 'address' });
export const port = (description: string): Schema => integer(description, 1, 65535);
/** One value or, for dual stack, IPv4 and IPv6 together. */
export const oneOrTwo = (description: string, item: Schema): Schema =>
  ({ description, anyOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 2 }] });
