import { dnsName, flag, mapOf, object, oneOfTexts, text, type Schema } from './fields.ts';

/** What every storage class has, in a meta cluster and in a cluster. */
export const STORAGE_CLASS_FIELDS: Record<string, Schema> = {
  name: dnsName('Name.'),
  provisioner: text('Provisioner; `kubernetes.io/no-provisioner` for local volumes.'),
  parameters: mapOf('Parameters for the provisioner.', text('Value.')),
  expandable: flag('Whether claims can grow.'),
};

/** Where Pods of a cluster get their volumes. */
export const STORAGE_DEFINITIONS: Record<string, Schema> = {
  StorageClass: object('A storage class. But for `default` and `expandable`, Kubernetes lets nothing of it be changed: choose a new name.', {
    ...STORAGE_CLASS_FIELDS,
    default: flag('For claims that name no class. At most one.'),
    reclaimPolicy: oneOfTexts('What becomes of a volume whose claim is deleted: `Delete` when absent.', ['Delete', 'Retain']),
    bindingMode: oneOfTexts('When a volume is made: `WaitForFirstConsumer`, where its Pod runs, when absent.', ['WaitForFirstConsumer', 'Immediate']),
  }, ['name', 'provisioner']),
};
