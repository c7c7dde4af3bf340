import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** Runs on a machine: `git http-backend` behind HTTP, and beside it commits as archives, as Flux's source-controller serves them. */
const [, , root = '', address = '', port = '', folder = ''] = process.argv;

const ARCHIVE = /^\/archive\/([0-9a-f]{40})\.tar\.gz$/;
const END_OF_HEAD = '\r\n\r\n';

createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${address}`);
  const [, commit] = ARCHIVE.exec(pathname) ?? [];
  if (commit !== undefined) archive(commit, response);
  else serve(request, pathname, searchParams.toString(), response);
}).listen(Number(port), address);

function archive(commit: string, response: ServerResponse): void {
  spawn('git', ['-C', `${root}/fleet.git`, 'archive', '--format=tar.gz', commit, folder], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout.pipe(response);
}

/** https://git-scm.com/docs/git-http-backend: a CGI program. */
function serve(request: IncomingMessage, path: string, query: string, response: ServerResponse): void {
  const { 'content-type': type = '', 'content-encoding': encoding = '', 'git-protocol': protocol = '' } = request.headers;
  const env = {
    ...process.env, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REQUEST_METHOD: request.method ?? 'GET', PATH_INFO: path, QUERY_STRING: query,
    CONTENT_TYPE: type, HTTP_CONTENT_ENCODING: encoding, GIT_PROTOCOL: String(protocol), REMOTE_ADDR: request.socket.remoteAddress ?? '',
  };
  const backend = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  backend.stdin.on('error', () => undefined); // it may end without having read
  request.pipe(backend.stdin);
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(END_OF_HEAD);
    if (end < 0) return;
    backend.stdout.off('data', onHead);
    answerHead(head.subarray(0, end).toString(), response);
    response.write(head.subarray(end + END_OF_HEAD.length));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', onHead);
  backend.once('close', () => {
    if (!response.headersSent) response.writeHead(500).end();
  });
}

function answerHead(head: string, response: ServerResponse): void {
  const fields = head.split('\r\n').map((line) => line.split(/: (.*)/) as [string, string]);
  for (const [name, value] of fields) {
    if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
