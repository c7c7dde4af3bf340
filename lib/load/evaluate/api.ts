/** Everything a definition can import from `kubewright`. What is not named here does not exist inside a definition. */
export { defineCluster, defineFleet, defineMetaCluster } from './define.ts';
export { addon, type ChartAddon, type ConstructAddon, type TemplateAddon } from '../addons/addon.ts';
export { yamlFile } from './yaml-file.ts';
