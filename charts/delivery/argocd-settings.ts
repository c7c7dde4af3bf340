import { toYaml } from '../../lib/yaml/serialize.ts';

/** An Application is as healthy as what it says of the commit that it is on; what it said of an earlier one does not count. One that is suspended is left as it is, and holds nothing up. */
const APPLICATION = `local health = { status = "Progressing", message = "waiting for its first comparison" }
if obj.metadata.deletionTimestamp ~= nil then
  health.message = "is being deleted"
  return health
end
local policy = obj.spec.syncPolicy
if policy == nil or policy.automated == nil then
  local annotations = obj.metadata.annotations or {}
  health.status = "Healthy"
  health.message = "suspended: " .. (annotations["kubewright.dev/suspended"] or "by hand")
  return health
end
local status = obj.status
if status == nil or status.health == nil or status.sync == nil then
  return health
end
local compared = status.sync.comparedTo
if compared ~= nil and compared.source ~= nil then
  for _, field in ipairs({ "repoURL", "targetRevision", "path" }) do
    if (compared.source[field] or "") ~= (obj.spec.source[field] or "") then
      health.message = "its status is of another source"
      return health
    end
  end
end
local operation = status.operationState
if operation ~= nil then
  if operation.phase == "Running" or operation.phase == "Terminating" then
    health.message = "is being synced"
    return health
  end
  if operation.phase == "Failed" or operation.phase == "Error" then
    health.status = "Degraded"
    health.message = operation.message or "the last sync failed"
    return health
  end
end
if status.sync.status ~= "Synced" then
  health.message = "is " .. (status.sync.status or "Unknown")
  return health
end
health.status = status.health.status or "Progressing"
health.message = status.health.message or ""
return health
`;

/** A claim that waits for its first Pod is as it should be; the Pod says when it waits in vain. */
const CLAIM = `local phase = obj.status ~= nil and obj.status.phase or "Pending"
if phase == "Lost" then
  return { status = "Degraded", message = "its volume is gone" }
end
return { status = "Healthy", message = phase }
`;

/** What was said of an earlier content does not count. */
const SEALED_SECRET = `local health = { status = "Progressing", message = "waits to be opened" }
local status = obj.status
if status == nil or status.conditions == nil then
  return health
end
if status.observedGeneration ~= nil and status.observedGeneration ~= obj.metadata.generation then
  return health
end
for _, condition in ipairs(status.conditions) do
  if condition.type == "Synced" then
    health.status = condition.status == "True" and "Healthy" or "Degraded"
    health.message = condition.message or ""
  end
end
return health
`;

/** Health by kind, in Lua, where Argo CD has none of its own, or one under which a part would never be done. */
export const HEALTH: Readonly<Record<string, string>> = {
  'argoproj.io_Application': APPLICATION,
  PersistentVolumeClaim: CLAIM,
  'bitnami.com_SealedSecret': SEALED_SECRET,
};

const IN_CLUSTER_API = 'https://kubernetes.default.svc';

/**
 * What Argo CD need not watch: its own list, but Endpoints and EndpointSlices only where nobody applies any. Inside a
 * cluster they say where `default/kubernetes` leads, and what is excluded is not applied.
 */
export const EXCLUSIONS: string = toYaml([
  { apiGroups: ['', 'discovery.k8s.io'], kinds: ['Endpoints', 'EndpointSlice'], clusters: [IN_CLUSTER_API] },
  { apiGroups: ['coordination.k8s.io'], kinds: ['Lease'] },
  {
    apiGroups: ['authentication.k8s.io', 'authorization.k8s.io'],
    kinds: ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectReview', 'SelfSubjectRulesReview', 'SubjectAccessReview', 'TokenReview'],
  },
  { apiGroups: ['certificates.k8s.io'], kinds: ['CertificateSigningRequest'] },
  { apiGroups: ['cert-manager.io'], kinds: ['CertificateRequest'] },
  { apiGroups: ['cilium.io'], kinds: ['CiliumEndpoint', 'CiliumEndpointSlice', 'CiliumIdentity'] },
  {
    apiGroups: ['kyverno.io', 'reports.kyverno.io', 'wgpolicyk8s.io'],
    kinds: [
      'AdmissionReport', 'BackgroundScanReport', 'ClusterAdmissionReport', 'ClusterBackgroundScanReport', 'ClusterEphemeralReport',
      'ClusterPolicyReport', 'EphemeralReport', 'PolicyReport', 'UpdateRequest',
    ],
  },
]);
