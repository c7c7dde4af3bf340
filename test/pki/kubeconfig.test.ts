import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { kubeconfigTemplate, kubeconfigWithFiles } from '../../lib/pki/credentials/kubeconfig.ts';

const TARGET = { cluster: 'prod', server: 'https://apiserver.cp-prod.svc:6443', user: 'system:kube-scheduler' };

test('a kubeconfig with files holds no secret', () => {
  const text = kubeconfigWithFiles({ ...TARGET, tlsServerName: 'kubernetes', caFile: '/trust/server-ca.crt', certFile: '/pki/tls.crt', keyFile: '/pki/tls.key' });
  expect(text).toMatchInlineSnapshot(`
    "apiVersion: v1
    kind: Config
    clusters:
    - cluster:
        certificate-authority: /trust/server-ca.crt
        server: https://apiserver.cp-prod.svc:6443
        tls-server-name: kubernetes
      name: prod
    contexts:
    - context:
        cluster: prod
        user: system:kube-scheduler
      name: system:kube-scheduler@prod
    current-context: system:kube-scheduler@prod
    users:
    - name: system:kube-scheduler
      user:
        client-certificate: /pki/tls.crt
        client-key: /pki/tls.key
    "
  `);
});

test('a kubeconfig template waits for the key, and is YAML before and after', () => {
  const text = kubeconfigTemplate({ ...TARGET, caPem: 'authority', certPem: 'certificate' });
  const action = '{{ index . "tls.key" | b64enc }}';
  expect(text).toContain(action);
  expect(parse(text)).toMatchObject({ users: [{ user: { 'client-key-data': action, 'client-certificate-data': 'Y2VydGlmaWNhdGU=' } }] });
  expect(parse(text.replace(action, 'a2V5'))).toMatchObject({ users: [{ user: { 'client-key-data': 'a2V5' } }], clusters: [{ cluster: { 'certificate-authority-data': 'YXV0aG9yaXR5' } }] });
  expect(parse(text)['clusters'][0].cluster).not.toHaveProperty('tls-server-name');
});
