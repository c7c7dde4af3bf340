import type { Service } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { Kubectl } from '../../clusters/kubectl.ts';
import { isReady, podsOf } from '../../clusters/workloads.ts';

/** The Pods that each Service of a namespace leads to now, by the Service's name. An address that is not its Pod's is told as such. */
export async function endpointsOf(kubectl: Kubectl, namespace: string): Promise<Record<string, string[]>> {
  const list = async <T>(kind: string): Promise<readonly T[]> => (await kubectl.get<{ readonly items: readonly T[] }>('-n', namespace, kind)).items;
  const addresses = new Map((await podsOf(kubectl, namespace)).filter(isReady).map(({ metadata, status }) => [metadata?.name ?? '', status?.podIP ?? '']));
  const slices = await list<EndpointSlice>('endpointslices');
  const leadsTo = (service: string): string[] => slices
    .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === service)
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready === true)
    .map(({ targetRef, addresses: [address = ''] }) => {
      const pod = targetRef?.name ?? address;
      return addresses.get(pod) === address ? pod : `${pod} at ${address}, which is no ready Pod's`;
    }).sort();
  return Object.fromEntries((await list<Service>('services')).map(({ metadata }) => [metadata?.name ?? '', leadsTo(metadata?.name ?? '')]));
}
