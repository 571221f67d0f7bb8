// In front of an S3 that verifies no signature: lets through what is signed as it must be, and answers for S3 otherwise.
import { createServer, request as httpRequest } from 'node:http';
import { Refusal, verify } from './signature.mjs';

const longestBody = 70 * 1024 * 1024;

async function bodyOf(incoming) {
  const pieces = [];
  let size = 0;
  for await (const piece of incoming) {
    size += piece.length;
    if (size > longestBody) throw new Refusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed object size.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const escape = (text) => text.replace(/[<>&]/g, (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[c]);

function refuse(response, why, method) {
  const { status, code } = why instanceof Refusal ? why : { status: 500, code: 'InternalError' };
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escape(why.message)}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close', 'x-nxg-refused': code });
  response.end(method === 'HEAD' ? undefined : text);
}

function pass(target, incoming, body, response) {
  const headers = { ...incoming.headers };
  delete headers.connection;
  const onward = httpRequest({ host: target.host, port: target.port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', (why) => refuse(response, why, incoming.method));
  onward.end(body);
}

/**
 * Starts it on the loopback address, on a free port unless one is given. `own(request, body)`: answers what the S3 behind cannot, or
 * undefined. `seen` counts requests and the longest body.
 * @param {{ target: { host: string, port: number }, keys: Record<string, string>, region: string, port?: number,
 *   own?: (request: import('node:http').IncomingMessage, body: Buffer) => Promise<number | undefined> }} options
 */
export async function startChecker({ target, keys, region, own = async () => undefined, port = 0 }) {
  const seen = { requests: 0, refused: 0, longestBody: 0 };
  const server = createServer(async (incoming, response) => {
    seen.requests += 1;
    try {
      const body = await bodyOf(incoming);
      seen.longestBody = Math.max(seen.longestBody, body.length);
      verify({ method: incoming.method, url: incoming.url, headers: incoming.headers, body }, { keys, region });
      const status = await own(incoming, body);
      if (status === undefined) return pass(target, incoming, body, response);
      response.writeHead(status).end();
    } catch (why) {
      seen.refused += 1;
      refuse(response, why, incoming.method);
    }
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { port: server.address().port, seen, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}
