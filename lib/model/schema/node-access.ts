import { choice, dnsName, integer, option, port, ref, text, type Schema } from './fields.ts';

/** How the control plane reaches the nodes. */
export const NODE_ACCESS_DEFINITIONS: Record<string, Schema> = {
  NodeAccess: choice('How the API server reaches kubelets, Pods and webhooks of the cluster; konnectivity when absent.', [
    option('konnectivity', 'Through tunnels that an agent on each node opens: nothing else has to reach the nodes.', {
      host: dnsName('Name that agents dial: `endpoint.host`, or `konnectivity.` and that behind a gateway.'),
      port: port('Port on the outside that agents dial: 8132, or the gateway\'s, or the node port.'),
      nodePort: integer('The port on every node of the meta cluster. Needed with, and only with, an endpoint exposed by nodePort.', 30000, 32767),
      resources: ref('Resources'),
      agentResources: ref('Resources'),
    }),
    option('direct', 'By their addresses: the meta cluster\'s Pods are routed to the nodes, and to the Pods of the cluster.'),
    option('multus', 'By their addresses, through a second interface that Multus gives to the API server\'s Pods.', {
      network: text('Its NetworkAttachmentDefinition in the meta cluster, as `namespace/name`.', { pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$' }),
    }, ['network']),
  ]),
};
