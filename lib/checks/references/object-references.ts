import { groupOf } from '../../model/manifest.ts';
import { dig, objectOf, objectsOf, textOf, eachText, type Json } from '../objects/json.ts';
import type { Reference } from './references.ts';
import type { CheckedManifest } from '../scope.ts';

type Source = (item: CheckedManifest, named: Named) => Reference[];
type Named = (kind: string, namespace: string | null, name: Json, path: string) => Reference[];

/** What objects other than Pods name. */
export function objectReferences(item: CheckedManifest): Reference[] {
  const named: Named = (kind, namespace, name, path) => {
    const text = textOf(name);
    return text === null || text === '' ? [] : [{ from: item, path, kind, namespace, name: text, key: null }];
  };
  return [...(SOURCES[item.manifest.kind]?.(item, named) ?? []), ...serviceNames(item)];
}

const STORAGE_CLASS = 'StorageClass.storage.k8s.io';
const home = ({ manifest }: CheckedManifest): string | null => manifest.metadata.namespace ?? null;

const roleReference: Source = (item, named) => {
  const { kind, name } = objectOf(item.manifest['roleRef']);
  return named(`${textOf(kind) ?? 'Role'}.rbac.authorization.k8s.io`, kind === 'ClusterRole' ? null : home(item), name, 'roleRef.name');
};

const webhookServices: Source = ({ manifest }, named) =>
  objectsOf(manifest['webhooks']).flatMap((webhook, index) => {
    const { namespace, name } = objectOf(dig(webhook, 'clientConfig', 'service'));
    return named('Service', textOf(namespace), name, `webhooks[${index}].clientConfig.service.name`);
  });

const SOURCES: Readonly<Record<string, Source>> = {
  Application: (item, named) => named('AppProject.argoproj.io', home(item), dig(item.manifest, 'spec', 'project'), 'spec.project'),
  APIService: ({ manifest }, named) => {
    const { namespace, name } = objectOf(dig(manifest, 'spec', 'service'));
    return named('Service', textOf(namespace), name, 'spec.service.name');
  },
  ClusterRoleBinding: roleReference,
  HorizontalPodAutoscaler: (item, named) => {
    const { apiVersion, kind, name } = objectOf(dig(item.manifest, 'spec', 'scaleTargetRef'));
    const group = textOf(apiVersion)?.replace(/\/?[^/]*$/, '') ?? '';
    return named(group === '' ? (textOf(kind) ?? '') : `${textOf(kind)}.${group}`, home(item), name, 'spec.scaleTargetRef.name');
  },
  Kustomization: (item, named) => [
    ...named('GitRepository.source.toolkit.fluxcd.io', home(item), dig(item.manifest, 'spec', 'sourceRef', 'name'), 'spec.sourceRef.name'),
    ...named('Secret', home(item), dig(item.manifest, 'spec', 'kubeConfig', 'secretRef', 'name'), 'spec.kubeConfig.secretRef.name'),
    ...objectsOf(dig(item.manifest, 'spec', 'dependsOn')).flatMap(({ name }, index) =>
      named('Kustomization.kustomize.toolkit.fluxcd.io', home(item), name, `spec.dependsOn[${index}].name`)),
  ],
  MutatingWebhookConfiguration: webhookServices,
  PersistentVolumeClaim: ({ manifest }, named) => named(STORAGE_CLASS, null, dig(manifest, 'spec', 'storageClassName'), 'spec.storageClassName'),
  RoleBinding: roleReference,
  StatefulSet: (item, named) => [
    ...named('Service', home(item), dig(item.manifest, 'spec', 'serviceName'), 'spec.serviceName'),
    ...objectsOf(dig(item.manifest, 'spec', 'volumeClaimTemplates')).flatMap((template, index) =>
      named(STORAGE_CLASS, null, dig(template, 'spec', 'storageClassName'), `spec.volumeClaimTemplates[${index}].spec.storageClassName`)),
  ],
  TLSRoute: (item, named) =>
    objectsOf(dig(item.manifest, 'spec', 'rules')).flatMap((rule, ruleIndex) =>
      objectsOf(rule['backendRefs']).flatMap(({ kind, namespace, name }, index) =>
        (kind ?? 'Service') === 'Service'
          ? named('Service', textOf(namespace) ?? home(item), name, `spec.rules[${ruleIndex}].backendRefs[${index}].name`)
          : [])),
  ValidatingWebhookConfiguration: webhookServices,
};

const NAMES_HOSTS: ReadonlySet<string> = new Set(['ConfigMap', 'CronJob', 'DaemonSet', 'Deployment', 'Job', 'Pod', 'StatefulSet']);
const SERVICE_NAME = /(?<![\w-])([a-z0-9][a-z0-9-]*)\.([a-z0-9][a-z0-9-]*)\.svc(?![\w-])/g;

/** `etcd.cp-a.svc` in an argument or a file is a Service, when it is in the namespace of who says it. */
function serviceNames(item: CheckedManifest): Reference[] {
  if (!item.texts.includes('.svc') || !NAMES_HOSTS.has(item.manifest.kind) || groupOf(item.manifest).includes('.')) return [];
  const namespace = home(item);
  return [...servicesIn(item.texts, namespace)].map((name) => ({ from: item, kind: 'Service', namespace, name, key: null, get path() { return firstPlaceOf(item, name) } }));
}

function servicesIn(text: string, namespace: string | null): ReadonlySet<string> {
  const names = text.split('\n').filter((line) => line.includes('.svc')).flatMap((line) => [...line.matchAll(SERVICE_NAME)]);
  return new Set(names.flatMap(([, service = '', inNamespace]) => (inNamespace === namespace ? [service] : [])));
}

/** Put together only when there is something to tell. */
function firstPlaceOf(item: CheckedManifest, service: string): string {
  const places: string[] = [];
  eachText(item.manifest, (text, path) => {
    if (places.length === 0 && servicesIn(text, home(item)).has(service)) places.push(path());
  });
  return places[0] ?? '';
}
