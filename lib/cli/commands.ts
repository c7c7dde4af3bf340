// Each command is loaded when it runs: `--help` waits for no compiler, and a build for no cryptography.

type Access = typeof import('./access.ts');
type Bootstrap = typeof import('./bootstrap.ts');
type Build = typeof import('./build.ts');
type Explain = typeof import('./explain.ts');
type Pki = typeof import('./pki.ts');
type Token = typeof import('./token.ts');

export const runBootstrap: Bootstrap['runBootstrap'] = async (...args) => (await import('./bootstrap.ts')).runBootstrap(...args);
export const runBuild: Build['runBuild'] = async (...args) => (await import('./build.ts')).runBuild(...args);
export const runCheck: Build['runCheck'] = async (...args) => (await import('./build.ts')).runCheck(...args);
export const runExplain: Explain['runExplain'] = async (...args) => (await import('./explain.ts')).runExplain(...args);
export const runIssue: Pki['runIssue'] = async (...args) => (await import('./pki.ts')).runIssue(...args);
export const runStatus: Pki['runStatus'] = async (...args) => (await import('./pki.ts')).runStatus(...args);
export const runExport: Pki['runExport'] = async (...args) => (await import('./pki.ts')).runExport(...args);
export const runKubeconfig: Access['runKubeconfig'] = async (...args) => (await import('./access.ts')).runKubeconfig(...args);
export const runTokenCreate: Token['runTokenCreate'] = async (...args) => (await import('./token.ts')).runTokenCreate(...args);
