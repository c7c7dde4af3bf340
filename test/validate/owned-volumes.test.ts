import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { OWNED_VOLUMES } from '../../lib/validate/rules/components/pod-rules.ts';
import { filesBelow } from '../support/folders.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const TAKES_VOLUMES = /\/deployment-kube-(?:apiserver|controller-manager|scheduler)\.yaml$/;

/** What definitions of the cases and of the committed fleet name themselves: volumes, and Secrets of their authors. */
const GIVEN = ['audit-sink', 'extra-ca', 'kms-socket', 'kubebrain-client', 'policy-authorizer', 'scratch'];

test('the names that no author may give a volume are those of our own volumes, all of them', () => {
  const paths = ['dist', 'test/cases'].flatMap((folder) => filesBelow(join(ROOT, folder)).map((path) => join(ROOT, folder, path))).filter((path) => TAKES_VOLUMES.test(path));
  const names = paths.flatMap((path) => ((parse(readFileSync(path, 'utf8')) as Deployment).spec?.template.spec?.volumes ?? []).map(({ name }) => name));
  expect([...new Set(names)].filter((name) => !GIVEN.includes(name)).sort()).toEqual(OWNED_VOLUMES.toSorted());
});
