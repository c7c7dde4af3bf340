import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { describe } from '../real/host/problem.ts';
import { writeWhole } from '../real/host/tar.ts';

const BUILD = fileURLToPath(new URL('../real/build.ts', import.meta.url));

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubewright-build-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds one program with a Go of ours, and tells what is in the cache afterwards. */
function build(go: string) {
  const folder = emptyFolder();
  const [bin, cache] = [join(folder, 'bin'), join(folder, 'cache')];
  mkdirSync(bin);
  writeFileSync(join(bin, 'go'), `#!/bin/sh\n${go}\n`);
  chmodSync(join(bin, 'go'), 0o755);
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, KUBEWRIGHT_CACHE: cache };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', BUILD, 'pause'], { env, encoding: 'utf8' });
  return { status, stderr, cache, left: readdirSync(cache) };
}

test('a program that does not build is told with the complaint of Go, and nothing of it is left', () => {
  const { status, stderr, left } = build('echo "./main.go:3:1: syntax error" >&2; exit 1');
  expect(stderr).toMatch(/^pause was not built, and nothing half-made is left\..*\ngo build failed in .*:\n\.\/main\.go:3:1: syntax error\n$/);
  expect({ status, left }).toEqual({ status: 1, left: [] });
});

test('a disk that fills up during a build is told with the folders that may be emptied', () => {
  const { status, stderr, cache, left } = build('mkdir -p out && echo half > out/pause; head -c 1 /dev/zero > /dev/full');
  expect(stderr).toMatch(/No space left on device/i);
  expect(stderr).toContain('The disk is full.');
  expect(stderr).toContain(`${join(cache, 'go-build')}: only saves time`);
  expect({ status, left }).toEqual({ status: 1, left: [] });
});

test('a disk that fills up during an archive leaves none', () => {
  const folder = emptyFolder();
  symlinkSync('/dev/full', join(folder, 'image.tar.new'));
  const told = (() => {
    try {
      writeWhole(join(folder, 'image.tar'), Buffer.from('layers'));
      return '';
    } catch (problem) {
      return describe(problem);
    }
  })();
  expect(told).toMatch(/image\.tar was not written, and nothing of it is left\.\nENOSPC: .*\nThe disk is full\./);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync('/dev/full')).toBe(true);
});

test('another problem is not taken for a full disk', () => {
  expect(describe(new Error('a', { cause: new Error('b') }))).toBe('a\nb');
});
