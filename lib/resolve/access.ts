import type { Audit, ClusterDefinition, Encryption } from '../model/definition.ts';
import { SERVICES } from '../model/names.ts';
import type { EncryptedResources, ResolvedAudit, ResolvedCertificates, ResolvedEncryption } from '../model/resolved-security.ts';
import type { JsonObject, ResolvedCluster } from '../model/resolved.ts';
import { inClusterOf } from '../model/resolved-endpoint.ts';
import { parseAddress } from '../net.ts';
import { daysOf } from '../units.ts';
import { AUDIT_POLICIES } from './audit-policies.ts';
import { DEFAULTS } from '../model/defaults.ts';

export function resolveAudit(given: Audit | undefined): ResolvedAudit {
  const policy = given?.policy ?? DEFAULTS.auditPolicy;
  return {
    policy: typeof policy === 'string' ? AUDIT_POLICIES[policy] : { rules: policy.rules as JsonObject[], omitStages: policy.omitStages ?? [] },
    log: { ...DEFAULTS.auditLog, ...given?.log },
    webhook: given?.webhook === undefined ? null : { batchMaxWait: DEFAULTS.auditBatchMaxWait, ...given.webhook },
  };
}

export function resolveEncryption(given: Encryption | undefined): ResolvedEncryption {
  const { provider, kms, ...lists }: Encryption = given ?? { provider: DEFAULTS.encryption.provider };
  if (provider === 'none') return { provider };
  if (provider !== 'kms') return { provider, ...resolveResources(lists) };
  return { provider, ...resolveResources(lists), kms: { name: kms?.name ?? '', endpoint: kms?.endpoint ?? '', timeout: kms?.timeout ?? DEFAULTS.kmsTimeout } };
}

/** Whoever names only what is to be readable encrypts nothing yet. */
function resolveResources({ resources, readable }: Pick<Encryption, 'resources' | 'readable'>): EncryptedResources {
  return readable === undefined ? { resources: resources ?? [...DEFAULTS.encryption.resources] } : { resources: resources ?? [], readable };
}

type Reached = Pick<ResolvedCluster, 'namespace' | 'meta' | 'network' | 'endpoint'>;

export function resolveCertificates(definition: ClusterDefinition, reached: Reached): ResolvedCertificates {
  const given = definition.certificates;
  const hosts = [...apiserverHosts(reached), ...(given?.extraHosts ?? [])];
  return {
    leafDays: daysOf(given?.leaf ?? DEFAULTS.certificates.leaf),
    authorityDays: daysOf(given?.authority ?? DEFAULTS.certificates.authority),
    renewBeforeDays: daysOf(given?.renewBefore ?? DEFAULTS.certificates.renewBefore),
    bits: (given?.bits ?? DEFAULTS.certificates.bits) as ResolvedCertificates['bits'],
    apiserverHosts: {
      dnsNames: unique(hosts.filter((host) => !parseAddress(host).ok)),
      ipAddresses: unique(hosts.filter((host) => parseAddress(host).ok)),
    },
  };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** Every name and address by which the API server is reached: from inside the tenant, the meta cluster, and outside. */
function apiserverHosts({ namespace, meta, network, endpoint }: Reached): string[] {
  const inTenant = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${network.dnsDomain}`];
  const inMeta = [SERVICES.apiserver, SERVICES.apiserverExternal].flatMap((service) => {
    const name = `${service}.${namespace}`;
    return [service, name, `${name}.svc`, `${name}.svc.${meta.dnsDomain}`];
  });
  const outside = endpoint.address === null ? [endpoint.host] : [endpoint.host, endpoint.address];
  const agent = inClusterOf(endpoint);
  return [...inTenant, ...network.apiServiceIps, ...(agent === null ? [] : [agent.address]), ...inMeta, ...outside, 'localhost', '127.0.0.1', '::1'];
}
