import type { Volume, VolumeMount } from 'kubernetes-types/core/v1';
import { PATHS, TRUST } from '../model/names.ts';
import type { ResolvedComponent } from '../model/resolved.ts';

/** A volume together with where it is mounted; null where a StatefulSet's claim template brings the volume. */
export interface Mount {
  readonly volume: Volume | null;
  readonly mount: VolumeMount;
}

/** Readable for the group of the Pod, for nobody else: 0440. */
const PRIVATE_MODE = 0o440;
/** 0444, in decimal as YAML and JSON have it. */
const PUBLIC_MODE = 0o444;

/** A Secret as files, under /etc/kubernetes/pki/<secret>. Never `subPath`: such a mount keeps the old certificate for ever. */
export const secretMount = (secret: string, path = `${PATHS.pki}/${secret}`): Mount => ({
  volume: { name: secret, secret: { secretName: secret, defaultMode: PRIVATE_MODE } },
  mount: { name: secret, mountPath: path, readOnly: true },
});

export const configMount = (configMap: string, path: string): Mount => ({
  volume: { name: configMap, configMap: { name: configMap, defaultMode: PUBLIC_MODE } },
  mount: { name: configMap, mountPath: path, readOnly: true },
});

/** Public certificates of the authorities that are named here, and of no other. */
export const trustMount = (authorities: readonly string[], name = TRUST): Mount => ({
  volume: {
    name,
    configMap: { name: TRUST, defaultMode: PUBLIC_MODE, items: authorities.map((authority) => ({ key: `${authority}.crt`, path: `${authority}.crt` })) },
  },
  mount: { name, mountPath: PATHS.trust, readOnly: true },
});

export const emptyMount = (name: string, path: string, sizeLimit: string): Mount => ({
  volume: { name, emptyDir: { sizeLimit } },
  mount: { name, mountPath: path },
});

export const pkiFile = (secret: string, key: string): string => `${PATHS.pki}/${secret}/${key}`;
export const trustFile = (authority: string): string => `${PATHS.trust}/${authority}.crt`;
export const configFile = (name: string): string => `${PATHS.config}/${name}`;

/** The author's own volumes of a component. */
export function extraMounts(component: ResolvedComponent): Mount[] {
  return component.extraVolumes.map(({ name, mountPath, readOnly, source }) => ({
    volume: { name, ...volumeSource(source) } as Volume,
    mount: { name, mountPath, ...(readOnly ? { readOnly } : {}) },
  }));
}

type Source = ResolvedComponent['extraVolumes'][number]['source'];

/** Field names of the definition are Kubernetes' own, but for these three. */
function volumeSource(source: Source): object {
  if (source.secret) return { secret: { secretName: source.secret.name, defaultMode: PRIVATE_MODE } };
  if (source.configMap) return { configMap: { name: source.configMap.name, defaultMode: PUBLIC_MODE } };
  if (source.persistentVolumeClaim) return { persistentVolumeClaim: { claimName: source.persistentVolumeClaim.name } };
  if (source.csi) {
    const { attributes, ...csi } = source.csi;
    return { csi: { ...csi, ...(attributes === undefined ? {} : { volumeAttributes: attributes }) } };
  }
  return source;
}
