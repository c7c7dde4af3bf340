import type { JsonObject } from '../../model/manifest.ts';
import { dig, objectOf, objectsOf, textOf, type Json } from '../objects/json.ts';
import { podPath, type Container, type PodTemplate } from '../pods/pod-templates.ts';
import type { Reference } from './references.ts';

type Named = (kind: string, name: Json, path: string, key?: Json) => Reference[];

/** Everything that a Pod needs before it starts. Optional references are not needed. */
export function podReferences(template: PodTemplate): Reference[] {
  const { spec } = template;
  const named: Named = (kind, name, path, key) => {
    const text = textOf(name);
    const namespace = kind.startsWith('PriorityClass') ? null : template.namespace;
    return text === null || text === '' ? [] : [{ from: template.from, path, kind, namespace, name: text, key: textOf(key) }];
  };
  return [
    ...named('ServiceAccount', spec['serviceAccountName'], podPath(template, 'serviceAccountName')),
    ...named('PriorityClass.scheduling.k8s.io', spec['priorityClassName'], podPath(template, 'priorityClassName')),
    ...objectsOf(spec['imagePullSecrets']).flatMap(({ name }, index) => named('Secret', name, `${podPath(template, 'imagePullSecrets')}[${index}].name`)),
    ...objectsOf(spec['volumes']).flatMap((volume, index) => volumeReferences(volume, `${podPath(template, 'volumes')}[${index}]`, named)),
    ...template.containers.flatMap((container) => environmentReferences(container, named)),
  ];
}

function volumeReferences(volume: JsonObject, path: string, named: Named): Reference[] {
  const sources = objectsOf(dig(volume, 'projected', 'sources'));
  return [
    ...filesReferences('ConfigMap', volume['configMap'], `${path}.configMap`, named),
    ...filesReferences('Secret', volume['secret'], `${path}.secret`, named),
    ...named('PersistentVolumeClaim', dig(volume, 'persistentVolumeClaim', 'claimName'), `${path}.persistentVolumeClaim.claimName`),
    ...sources.flatMap((source, index) => [
      ...filesReferences('ConfigMap', source['configMap'], `${path}.projected.sources[${index}].configMap`, named),
      ...filesReferences('Secret', source['secret'], `${path}.projected.sources[${index}].secret`, named),
    ]),
  ];
}

function filesReferences(kind: string, source: Json, path: string, named: Named): Reference[] {
  const { name, secretName, items, optional } = objectOf(source);
  if (optional === true) return [];
  const from = secretName ?? name;
  return [
    ...named(kind, from, `${path}.${secretName === undefined ? 'name' : 'secretName'}`),
    ...objectsOf(items).flatMap(({ key }, index) => named(kind, from, `${path}.items[${index}].key`, key)),
  ];
}

function environmentReferences({ spec, path }: Container, named: Named): Reference[] {
  const variables = objectsOf(spec['env']).flatMap((variable, index) =>
    (['configMapKeyRef', 'secretKeyRef'] as const).flatMap((field) => {
      const { name, key, optional } = objectOf(dig(variable, 'valueFrom', field));
      return optional === true ? [] : named(KIND_OF[field], name, `${path}.env[${index}].valueFrom.${field}`, key);
    }),
  );
  const whole = objectsOf(spec['envFrom']).flatMap((from, index) =>
    (['configMapRef', 'secretRef'] as const).flatMap((field) => {
      const { name, optional } = objectOf(from[field]);
      return optional === true ? [] : named(KIND_OF[field], name, `${path}.envFrom[${index}].${field}`);
    }),
  );
  return [...variables, ...whole];
}

const KIND_OF = { configMapKeyRef: 'ConfigMap', configMapRef: 'ConfigMap', secretKeyRef: 'Secret', secretRef: 'Secret' } as const;
