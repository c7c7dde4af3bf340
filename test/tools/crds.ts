// Writes lib/checks/crds/*.json: the structure of those custom resources that we render, from their CRDs as released.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { customKindOf, type CustomKind, type CustomResourceDefinition } from '../../lib/checks/objects/custom-resource-definitions.ts';

const SOURCES = [
  {
    file: 'sealed-secret.json',
    module: 'github.com/bitnami-labs/sealed-secrets@v0.40.0',
    path: 'helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml',
  },
  {
    file: 'tls-route.json',
    module: 'sigs.k8s.io/gateway-api@v1.5.0',
    path: 'config/crd/experimental/gateway.networking.k8s.io_tlsroutes.yaml',
  },
  { file: 'application.json', module: 'github.com/argoproj/argo-cd/v3@v3.2.1', path: 'manifests/crds/application-crd.yaml' },
  { file: 'app-project.json', module: 'github.com/argoproj/argo-cd/v3@v3.2.1', path: 'manifests/crds/appproject-crd.yaml' },
  {
    file: 'kustomization.json',
    module: 'github.com/fluxcd/kustomize-controller@v1.7.3',
    path: 'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml',
  },
  {
    file: 'git-repository.json',
    module: 'github.com/fluxcd/source-controller@v1.8.5',
    path: 'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml',
  },
] as const;

const BY_CONTROLLERS = ['status', 'operation'];

const TARGET = new URL('../../lib/checks/crds/', import.meta.url);

for (const { file, module, path } of SOURCES) {
  const definition = parse(readFileSync(join(folderOf(module), path), 'utf8')) as CustomResourceDefinition;
  writeFileSync(new URL(file, TARGET), `${JSON.stringify({ module, ...ofAuthors(customKindOf(definition)) }, null, 1)}\n`);
}

/** What controllers write about their own work is left as it comes: no manifest of ours has it, and it is most of an Application. */
function ofAuthors({ versions, ...kind }: CustomKind): CustomKind {
  const written = Object.entries(versions).map(([version, { properties = {}, ...rest }]) => {
    const fields = Object.entries(properties).map(([name, field]) => [name, BY_CONTROLLERS.includes(name) ? { type: 'object', preserveUnknown: true } as const : field] as const);
    return [version, { ...rest, properties: Object.fromEntries(fields) }] as const;
  });
  return { ...kind, versions: Object.fromEntries(written) };
}

/** Where the Go module proxy's copy lies. */
function folderOf(module: string): string {
  const answer = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })) as { Dir: string };
  return answer.Dir;
}
