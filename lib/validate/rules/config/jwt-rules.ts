import type { Problem } from '../../../problem.ts';
import { below, fieldOf } from '../../paths.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted } from '../../say.ts';
import { REFUSED } from './refused.ts';

/**
 * What `validateJWTAuthenticator` of k8s.io/apiserver refuses, from 1.33 to 1.36, but for its CEL. Names and types of fields are
 * judged with those of other files, in config-rules.
 */
export const JWT_RULES: readonly ClusterRule[] = [authenticators, issuers];

/** Something wrong below an authenticator: where, what (its own place stands before it), why, and what to write. */
interface Fault {
  readonly at: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

function authenticators(...[{ name, authentication }]: Parameters<ClusterRule>): Problem[] {
  return (authentication?.jwt ?? []).flatMap((authenticator, index) => {
    const path = below('authentication.jwt', index);
    const [issuer, mappings] = [fieldOf(authenticator, 'issuer'), fieldOf(authenticator, 'claimMappings')];
    const faults = [
      ...issuerFaults(issuer),
      ...(['username', 'groups', 'uid'] as const).flatMap((mapping) => mappingFaults(mapping, fieldOf(mappings, mapping))),
      ...listOf(mappings, 'extra').flatMap((extra, place) => extraFaults(`claimMappings.extra[${place}]`, extra)),
      ...listOf(authenticator, 'claimValidationRules').flatMap((rule, place) => claimRuleFaults(`claimValidationRules[${place}]`, rule)),
      ...listOf(authenticator, 'userValidationRules').flatMap((rule, place) => (textOf(rule, 'expression') !== '' ? [] : [{ at: `userValidationRules[${place}]`, what: 'has no expression.', why: REFUSED, fix: 'add one.' }])),
    ];
    return faults.map(({ at, what, why, fix }) => error('authentication/jwt', name, `${path}.${at}`, { what: `${path}.${at} ${what}`, why, fix }));
  });
}

function issuers(...[{ name, authentication }]: Parameters<ClusterRule>): Problem[] {
  const urls = (authentication?.jwt ?? []).map((authenticator, index) => fieldOf(fieldOf(authenticator, 'issuer'), 'url') ?? index);
  return repeatsOf(urls).map(({ index, first, value }) => error('authentication/jwt', name, `authentication.jwt[${index}].issuer.url`, {
    what: `issuer ${quoted(String(value))} stands twice; the first is authentication.jwt[${first}].`,
    why: 'a token names its issuer, and the API server takes one authenticator for each.',
    fix: 'put all audiences into one authenticator.',
  }));
}

function issuerFaults(issuer: unknown): Fault[] {
  const [url, discovery, policy] = [textOf(issuer, 'url'), textOf(issuer, 'discoveryURL'), textOf(issuer, 'audienceMatchPolicy')];
  const audiences = listOf(issuer, 'audiences');
  return [
    ...(isPlainUrl(url) ? [] : [{ at: 'issuer.url', what: 'is not a URL that begins with https:// and has no user, query or fragment.', why: 'the API server fetches the issuer\'s keys from there, and believes no plain connection.', fix: 'write the issuer as it stands in its tokens.' }]),
    ...(discovery === '' || (isPlainUrl(discovery) && withoutEnd(discovery) !== withoutEnd(url)) ? [] : [{ at: 'issuer.discoveryURL', what: 'is not a URL that begins with https://, or is the issuer itself.', why: REFUSED, fix: 'write where the discovery document is; leave it out when that is below the issuer.' }]),
    ...(audiences.length > 0 ? [] : [{ at: 'issuer.audiences', what: 'is empty.', why: 'without an audience any token of that issuer, made for any program, would be let in; the API server refuses that.', fix: 'add the client\'s id as the issuer knows it.' }]),
    ...(new Set(audiences).size === audiences.length && !audiences.includes('') ? [] : [{ at: 'issuer.audiences', what: 'has one twice, or an empty one.', why: REFUSED, fix: 'write each once.' }]),
    ...(policy === 'MatchAny' || (policy === '' && audiences.length < 2) ? [] : [{ at: 'issuer.audienceMatchPolicy', what: `is ${quoted(policy)}.`, why: REFUSED, fix: 'write MatchAny; several audiences need it.' }]),
  ];
}

const withoutEnd = (url: string): string => url.replace(/\/+$/, '');

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return protocol === 'https:' && text.startsWith('https://') && `${username}${password}${search}${hash}` === '';
}

/** One of the three that come from a claim or an expression. A uid has no prefix. */
function mappingFaults(mapping: 'username' | 'groups' | 'uid', given: unknown): Fault[] {
  const at = `claimMappings.${mapping}`;
  const [claim, expression, prefix] = [textOf(given, 'claim'), textOf(given, 'expression'), fieldOf(given, 'prefix')];
  if (claim !== '' && expression !== '') return [{ at, what: 'has a claim and an expression.', why: REFUSED, fix: 'keep one of them.' }];
  if (claim === '' && expression === '') return mapping !== 'username' ? [] : [{ at, what: 'has neither a claim nor an expression.', why: 'the API server would not know what the user is called, and refuses the whole file.', fix: 'add a claim with a prefix, or an expression.' }];
  if (mapping === 'uid' || (expression === '') === (typeof prefix === 'string')) return [];
  return [expression === ''
    ? { at: `${at}.prefix`, what: 'is missing beside a claim.', why: 'nobody shall be taken for somebody else by chance; the API server refuses the whole file.', fix: 'add one, such as \'oidc:\'; an empty text means none.' }
    : { at: `${at}.prefix`, what: 'stands beside an expression.', why: REFUSED, fix: 'let the expression add it.' }];
}

const EXTRA_KEY = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[^A-Z]+$/;
const OF_KUBERNETES = /^([^/]+\.)?(k8s|kubernetes)\.io\//;

function extraFaults(at: string, extra: unknown): Fault[] {
  const key = textOf(extra, 'key');
  return [
    ...(EXTRA_KEY.test(key) && !OF_KUBERNETES.test(key) ? [] : [{ at: `${at}.key`, what: `is ${quoted(key)}.`, why: REFUSED, fix: 'write a name in lower case below a domain of your own: example.com/department.' }]),
    ...(textOf(extra, 'valueExpression') !== '' ? [] : [{ at: `${at}.valueExpression`, what: 'is missing.', why: REFUSED, fix: 'add an expression.' }]),
  ];
}

/** A claim may have a required value, an expression a message. */
function claimRuleFaults(at: string, rule: unknown): Fault[] {
  const [claim, expression] = [textOf(rule, 'claim'), textOf(rule, 'expression')];
  if ((claim === '') === (expression === '')) return [{ at, what: claim === '' ? 'has neither a claim nor an expression.' : 'has a claim and an expression.', why: REFUSED, fix: 'keep one of them.' }];
  const [field, owner] = claim !== '' ? ['message', 'claim'] as const : ['requiredValue', 'expression'] as const;
  return textOf(rule, field) === '' ? [] : [{ at: `${at}.${field}`, what: `stands beside ${owner === 'claim' ? 'a claim' : 'an expression'}.`, why: REFUSED, fix: 'remove it.' }];
}

/** A text that is absent, or of another type, is empty here. */
function textOf(value: unknown, field: string): string {
  const text = fieldOf(value, field);
  return typeof text === 'string' ? text : '';
}

function listOf(value: unknown, field: string): readonly unknown[] {
  const list = fieldOf(value, field);
  return Array.isArray(list) ? list : [];
}
