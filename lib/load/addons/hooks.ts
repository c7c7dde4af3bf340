import { parseAllDocuments } from 'yaml';

/** What helm rendered, without what only helm would run at its time; those are named. */
export function withoutHooks(output: string): { readonly output: string; readonly hooks: string[] } {
  const documents = output.split(/^---[ \t]*$/m);
  return {
    output: documents.filter((document) => !isHook(document)).join('---'),
    hooks: documents.filter(isHook).flatMap(namesIn),
  };
}

const isHook = (document: string): boolean => /^\s+["']?helm\.sh\/hook["']?\s*:/m.test(document);

interface Hook {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly annotations?: Readonly<Record<string, string>> };
}

function namesIn(document: string): string[] {
  const [first] = parseAllDocuments(document);
  const { kind = 'an object', metadata } = ((first !== undefined && 'toJS' in first ? first.toJS() : null) ?? {}) as Hook;
  return [`${kind} ${metadata?.name ?? ''} (${metadata?.annotations?.['helm.sh/hook'] ?? 'hook'})`];
}
