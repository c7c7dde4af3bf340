import { expect, test } from 'vitest';
import { withMade } from '../../lib/compile/made.ts';
import type { CheckedPart } from '../../lib/checks/input.ts';
import type { Manifest } from '../../lib/model/manifest.ts';

const CLAIMS = { of: 'a', kind: 'cluster', meta: 'm', claims: [], routed: [] } as const;
const HOME = { name: 'a', meta: 'm', namespace: 'cp-a' };

const object = (apiVersion: string, kind: string, name: string, namespace?: string): Manifest =>
  ({ apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });

const part = (api: string, ...manifests: readonly Manifest[]): CheckedPart =>
  ({ folder: 'f', namespace: null, api, target: '1.34', manifests: manifests.map((manifest) => ({ manifest, source: 's', stage: 't' })) });

test('an owner\'s share of what the root of its meta cluster reads is what Argo CD alone has of it', () => {
  const file = (path: string, bytes: number) => ({ path, text: 'ä'.repeat(bytes / 2) });
  const files = [file('m/argocd/a/application-data.yaml', 20), file('m/argocd/a/appproject-a.yaml', 4), file('m/flux/a/kustomization-data.yaml', 8), file('m/argocd-2/x.yaml', 8)];
  expect(withMade(CLAIMS, HOME, [], files)?.made?.rootBytes).toBe(24);
});

test('an owner takes what it has on the API server of its meta cluster, and what is in its own namespace only it can have', () => {
  const parts = [
    part('m', object('v1', 'Namespace', 'cp-a'), object('apps/v1', 'Deployment', 'kube-apiserver', 'cp-a')),
    part('a', object('v1', 'Namespace', 'kube-system')),
    part('m', object('argoproj.io/v1alpha1', 'Application', 'a-data', 'argocd')),
  ];
  expect(withMade(CLAIMS, HOME, parts, [])?.made?.objects).toEqual(['Namespace cp-a', 'Application.argoproj.io argocd/a-data']);
  expect(withMade({ ...CLAIMS, of: 'm', kind: 'meta' }, { name: 'm', meta: 'm', namespace: null }, parts, [])?.made?.objects).toContain('Deployment.apps cp-a/kube-apiserver');
});

test('of owners that share a name nothing is taken', () => {
  const claims = { ...CLAIMS, of: 'clusters[1]' };
  expect(withMade(claims, HOME, [part('m', object('v1', 'Namespace', 'cp-a'))], [])).toBe(claims);
});
