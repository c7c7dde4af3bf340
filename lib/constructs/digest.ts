import { hash } from 'node:crypto';
import { DOMAIN } from '../model/names.ts';

/**
 * An annotation of a Pod template that changes with what the process reads only at its start.
 * Files that are read again while it runs are left out: renewing a leaf certificate restarts nothing.
 */
export function restartOn(what: string, content: unknown): Record<string, string> {
  return { [`${DOMAIN}/${what}-digest`]: digestOf(content) };
}

/** Sixteen hexadecimal digits that change with a JSON value. */
export function digestOf(content: unknown): string {
  return hash('sha256', JSON.stringify(content), 'hex').slice(0, 16);
}
