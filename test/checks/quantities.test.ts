import { expect, test } from 'vitest';
import { problemsOf } from './breaking.ts';

/** What the API server stores for a quantity, as k8s.io/apimachinery writes it. */
test.for([
  ['1000m', '1'], ['1500m', '1500m'], ['0.5', '500m'], ['0.1', '100m'], ['2', '2'], ['2.0', '2'],
  ['0.5Gi', '512Mi'], ['1.5Gi', '1536Mi'], ['1024Mi', '1Gi'], ['1000Mi', '1000Mi'], ['2048Ki', '2Mi'], ['1Gi', '1Gi'],
  ['1000k', '1M'], ['1000', '1k'], ['1500', '1500'], ['1024', '1024'], ['12.5M', '12500k'], ['1000000000', '1G'], ['0', '0'], ['00.5Gi', '512Mi'],
] as const)('%s is stored as %s', ([written, stored]) => {
  const [problem] = problemsOf({ of: 'claim', at: 'spec.resources.requests.storage', to: written });
  if (written === stored) expect(problem).toBeUndefined();
  else expect(problem?.what).toContain(`the API server stores as "${stored}"`);
});
