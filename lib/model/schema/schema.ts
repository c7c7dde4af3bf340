import { ACCESS_DEFINITIONS } from './access.ts';
import { ADDON_DEFINITIONS } from './addons.ts';
import { BINDING_DEFINITIONS } from './bindings.ts';
import { CLUSTER_DEFINITIONS } from './cluster.ts';
import { DELIVERY_DEFINITIONS } from './delivery.ts';
import { ETCD_DEFINITIONS } from './etcd.ts';
import type { Schema } from './fields.ts';
import { FLEET_DEFINITIONS, META_DEFINITIONS } from './fleet.ts';
import { NAMESPACE_DEFINITIONS } from './namespaces.ts';
import { NODE_ACCESS_DEFINITIONS } from './node-access.ts';
import { COMPONENT_DEFINITIONS, EXPOSE_DEFINITIONS, POD_DEFINITIONS } from './pods.ts';
import { STORAGE_DEFINITIONS } from './storage.ts';
import { TENANT_DEFINITIONS } from './tenant.ts';

/** The one source of the model: types (definition.ts), validation, and the schemas of custom resources follow from it. */
export const MODEL_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://kubewright.dev/schemas/model.json',
  title: 'FleetDefinition',
  $ref: '#/$defs/FleetDefinition',
  $defs: {
    ...POD_DEFINITIONS,
    ...COMPONENT_DEFINITIONS,
    ...EXPOSE_DEFINITIONS,
    ...ETCD_DEFINITIONS,
    ...ACCESS_DEFINITIONS,
    ...BINDING_DEFINITIONS,
    ...TENANT_DEFINITIONS,
    ...NODE_ACCESS_DEFINITIONS,
    ...NAMESPACE_DEFINITIONS,
    ...STORAGE_DEFINITIONS,
    ...ADDON_DEFINITIONS,
    ...DELIVERY_DEFINITIONS,
    ...CLUSTER_DEFINITIONS,
    ...META_DEFINITIONS,
    ...FLEET_DEFINITIONS,
  } as Record<string, Schema>,
} as const;
