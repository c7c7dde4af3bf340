/** Whether a resource is among these: by itself, or by the pattern of its group. `*.apps` is one, `*.` that of the core, `*.*` has all. */
export function isCovered(resource: string, resources: readonly unknown[]): boolean {
  const group = resource.includes('.') ? resource.slice(resource.indexOf('.')) : '.';
  return [resource, `*${group}`, '*.*'].some((pattern) => resources.includes(pattern));
}
