import { expect, test } from 'vitest';
import { missingPrerequisites, type HostFacts } from '../real/host/prerequisites.ts';

const READY: HostFacts = { isRoot: true, hasGo: true, cache: '/cache', freeGiB: 25, missingPrograms: [], hasCgroupV1: true };

test('a host that has everything is told nothing', () => {
  expect(missingPrerequisites({ machines: true }, READY)).toEqual([]);
});

test.for([
  { lacks: { isRoot: false }, says: /^Root is missing: .* only root may make them\. Run it as root/ },
  { lacks: { hasGo: false }, says: /^Go is missing: .* Install it/ },
  { lacks: { freeGiB: 24 }, says: /^Disk is short: 24 GiB are free below \/cache, .* 25 GiB\. Free some, or name another place in KUBEWRIGHT_CACHE/ },
  { lacks: { missingPrograms: ['runc', 'ip'] }, says: /^Programs of Debian are missing: runc, ip\. Run apt-get install runc iproute2, or/ },
  { lacks: { hasCgroupV1: false }, says: /^cgroup v1 is missing: .* Boot it with/ },
] as const)('$lacks is one line: what, why, and what to do', ({ lacks, says }) => {
  const lines = missingPrerequisites({ machines: true }, { ...READY, ...lacks });
  expect(lines).toEqual([expect.stringMatching(says)]);
  expect(lines.join('')).not.toContain('\n');
});

test('everything that is missing is told at once', () => {
  const nothing: HostFacts = { isRoot: false, hasGo: false, cache: '/cache', freeGiB: 0, missingPrograms: ['nsenter', 'setpriv'], hasCgroupV1: false };
  expect(missingPrerequisites({ machines: true }, nothing)).toHaveLength(5);
  expect(missingPrerequisites({ machines: true }, nothing).join('\n')).toContain('apt-get install util-linux,');
});

test('stories without machines ask for neither root nor cgroups nor what machines are made with', () => {
  expect(missingPrerequisites({ machines: false }, { ...READY, isRoot: false, hasCgroupV1: false, missingPrograms: ['runc'] })).toEqual([]);
  expect(missingPrerequisites({ machines: false }, { ...READY, missingPrograms: ['runc', 'setpriv'] })).toEqual([expect.stringMatching(/missing: setpriv\. Run apt-get install util-linux,/)]);
});

test('an emulator is asked for by those only who need a kernel of their own', () => {
  const host: HostFacts = { ...READY, missingPrograms: ['qemu-system-x86_64', 'sshd'] };
  expect(missingPrerequisites({ machines: true }, host)).toEqual([]);
  expect(missingPrerequisites({ machines: true, kernels: true }, host)).toEqual([expect.stringMatching(/missing: qemu-system-x86_64, sshd\. Run apt-get install qemu-system-x86 openssh-server,/)]);
});
