import type { JsonObject } from './resolved.ts';

/** What is written down of requests. */
export interface ResolvedAudit {
  /** Rules of audit.k8s.io/v1; null: no audit. */
  readonly policy: { readonly rules: readonly JsonObject[]; readonly omitStages: readonly string[] } | null;
  readonly log: { readonly to: 'stdout' | 'volume'; readonly maxSizeMegabytes: number; readonly maxBackups: number; readonly maxAgeDays: number };
  readonly webhook: { readonly kubeconfig: string; readonly batchMaxWait: string } | null;
}

export interface AuthorizationWebhook {
  readonly name: string;
  readonly kubeconfig: string;
  readonly webhook: JsonObject;
}

export type ResolvedEncryption =
  | { readonly provider: 'none' }
  | (EncryptedResources & { readonly provider: 'secretbox' | 'aescbc' })
  | (EncryptedResources & { readonly provider: 'kms'; readonly kms: { readonly name: string; readonly endpoint: string; readonly timeout: string } });

/** What is written encrypted; and, where a definition prepares for more, what can be read so and is written in clear. */
export type EncryptedResources = { readonly resources: readonly string[] } | { readonly resources: readonly string[]; readonly readable: readonly string[] };

export interface ResolvedCertificates {
  readonly leafDays: number;
  readonly authorityDays: number;
  readonly renewBeforeDays: number;
  readonly bits: 2048 | 3072 | 4096;
  /** Every DNS name and address by which the API server is reached. */
  readonly apiserverHosts: { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] };
}

export interface ResolvedUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly days: number;
}
