// Writes lib/checks/crds/*.json: the structure of those custom resources that we render, from their CRDs as released.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { customKindOf, type CustomResourceDefinition } from '../../lib/checks/objects/custom-resource-definitions.ts';

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
] as const;

const TARGET = new URL('../../lib/checks/crds/', import.meta.url);

for (const { file, module, path } of SOURCES) {
  const definition = parse(readFileSync(join(folderOf(module), path), 'utf8')) as CustomResourceDefinition;
  writeFileSync(new URL(file, TARGET), `${JSON.stringify({ module, ...customKindOf(definition) }, null, 1)}\n`);
}

/** Where the Go module proxy's copy lies. */
function folderOf(module: string): string {
  const answer = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })) as { Dir: string };
  return answer.Dir;
}
