import type { Problem } from '../problem.ts';
import { checkAddons } from './addons.ts';
import { checkCertificates } from './secrets/certificates.ts';
import { checkDefaults } from './objects/defaults.ts';
import { problemOf, type Finding } from './finding.ts';
import { checkFlows } from './selectors/flows.ts';
import { checkIdentities } from './objects/identities.ts';
import type { CheckContext, CheckedPart } from './input.ts';
import { checkLabels } from './objects/labels.ts';
import { checkNames } from './objects/names.ts';
import { checkPaths } from './references/paths.ts';
import { checkPodSecurity } from './pods/pod-security.ts';
import { checkPods } from './pods/pods.ts';
import { checkPorts } from './references/ports.ts';
import { checkReferences } from './references/references.ts';
import { scopeOf, type Scope } from './scope.ts';
import { checkSecrets } from './secrets/secrets.ts';
import { checkSelectorLabels } from './selectors/selector-labels.ts';
import { checkOwnTemplates, checkSelections, checkServicePorts } from './selectors/selectors.ts';
import { checkSizes } from './objects/sizes.ts';
import { checkStatefulSets } from './pods/statefulsets.ts';
import { checkStructure } from './objects/structural.ts';
import { checkVolumes } from './references/volumes.ts';

/** One question to all manifests of an owner. */
type Check = (scope: Scope) => readonly Finding[];

/** Every check there is, in the order of its messages. */
const CHECKS: readonly Check[] = [
  checkStructure,
  checkDefaults,
  checkNames,
  checkLabels,
  checkSizes,
  checkIdentities,
  checkReferences,
  checkVolumes,
  checkPaths,
  checkPorts,
  checkSelections,
  checkOwnTemplates,
  checkServicePorts,
  checkFlows,
  checkPods,
  checkPodSecurity,
  checkSelectorLabels,
  checkStatefulSets,
  checkSecrets,
  checkCertificates,
  checkAddons,
];

/** Everything that is wrong with the manifests of one owner, all at once, before any of them is written. */
export function runChecks(owner: string, parts: readonly CheckedPart[], context: CheckContext): Problem[] {
  const scope = scopeOf(owner, parts, context);
  return CHECKS.flatMap((check) => check(scope))
    .filter((finding) => !isWaived(finding, context))
    .map((finding) => problemOf(owner, finding));
}

function isWaived({ code, source, object }: Finding, { waivers }: CheckContext): boolean {
  return waivers.some((waiver) => waiver.code === code && waiver.source === source && (waiver.object === null || waiver.object === object));
}
