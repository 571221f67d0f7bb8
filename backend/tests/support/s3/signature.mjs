// AWS Signature Version 4 as a service verifies it: from the request as it came, with nothing of our signer in it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const algorithm = 'AWS4-HMAC-SHA256';
const longestSkewMs = 15 * 60_000;
const longestLifeSeconds = 7 * 86_400;

export const sha256 = (octets) => createHash('sha256').update(octets).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

export class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
const denied = (code, message) => new Refusal(403, code, message);

const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** Pairs of names and values of a query as it was sent; '+' is a plus sign, as S3 has it. */
function queryOf(text) {
  if (!text) return [];
  return text.split('&').map((part) => {
    const at = part.indexOf('=');
    const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    return [decodeURIComponent(name), decodeURIComponent(value)];
  });
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function canonicalQuery(query) {
  return query.map(([name, value]) => [encode(name), encode(value)])
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map((pair) => pair.join('=')).join('&');
}

/** S3 encodes a path once. */
const canonicalPath = (path) => path.split('/').map((segment) => encode(decodeURIComponent(segment))).join('/');

function timeOf(text) {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!found) throw denied('AccessDenied', 'there is no time of signing');
  const [, year, month, day, hour, minute, second] = found.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function fromHeader(headers) {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(headers.authorization);
  if (!found) throw new Refusal(400, 'AuthorizationHeaderMalformed', 'the header Authorization cannot be read');
  return { credential: found[1], signedHeaders: found[2], signature: found[3], time: headers['x-amz-date'], presigned: false };
}

function fromQuery(query) {
  const known = Object.fromEntries(query);
  if (known['X-Amz-Algorithm'] !== algorithm) throw denied('AccessDenied', 'the request is not signed by version 4');
  return {
    credential: known['X-Amz-Credential'] ?? '', signedHeaders: known['X-Amz-SignedHeaders'] ?? '', signature: known['X-Amz-Signature'] ?? '',
    time: known['X-Amz-Date'], life: Number(known['X-Amz-Expires']), presigned: true,
  };
}

/** Every header that says something to S3 is signed, or it could be changed on the way. */
function requireSigned(names, headers, presigned) {
  const must = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-') || (name === 'content-type' && !presigned));
  const missing = must.filter((name) => !names.includes(name) && !(presigned && name === 'x-amz-content-sha256'));
  if (missing.length) throw denied('AccessDenied', `there were headers present in the request which were not signed: ${missing.join(', ')}`);
}

function requireTime(claims, now) {
  const at = timeOf(claims.time);
  if (!claims.presigned) {
    if (Math.abs(now - at) > longestSkewMs) throw denied('RequestTimeTooSkewed', 'the time of signing is too far from now');
    return;
  }
  if (!(claims.life >= 1 && claims.life <= longestLifeSeconds)) throw new Refusal(400, 'AuthorizationQueryParametersError', 'X-Amz-Expires is out of range');
  if (at - now > longestSkewMs || now > at + claims.life * 1000) throw denied('AccessDenied', 'Request has expired');
}

function requireScope(claims, region) {
  const [id, date, scopeRegion, service, end, ...more] = claims.credential.split('/');
  if (more.length || date !== claims.time.slice(0, 8) || service !== 's3' || end !== 'aws4_request')
    throw new Refusal(400, 'AuthorizationHeaderMalformed', 'the scope of the credential is wrong');
  if (scopeRegion !== region) throw new Refusal(400, 'AuthorizationHeaderMalformed', `the region '${scopeRegion}' is wrong; expecting '${region}'`);
  return id;
}

function requirePayload(headers, claims, body) {
  const stated = claims.presigned ? headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD' : headers['x-amz-content-sha256'];
  if (stated === undefined) throw new Refusal(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  if (stated === 'UNSIGNED-PAYLOAD') return stated;
  if (!/^[0-9a-f]{64}$/.test(stated)) throw new Refusal(501, 'NotImplemented', `this checker does not know ${stated}`);
  if (stated !== sha256(body)) throw new Refusal(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.");
  return stated;
}

/**
 * Throws a Refusal unless the request is signed by one of `keys` (id to secret) for `region`, and its content is what was signed.
 * @param {{ method: string, url: string, headers: Record<string, string | string[] | undefined>, body: Buffer }} request
 *   path and query as they were sent, names of headers in lower case
 * @param {{ keys: Record<string, string>, region: string, now?: number }} by
 */
export function verify(request, { keys, region, now = Date.now() }) {
  const [path, text = ''] = request.url.split(/\?(.*)/s);
  const query = queryOf(text);
  const claims = request.headers.authorization === undefined ? fromQuery(query) : fromHeader(request.headers);
  requireTime(claims, now);
  const secret = keys[requireScope(claims, region)];
  if (secret === undefined) throw denied('InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  const names = claims.signedHeaders.split(';');
  requireSigned(names, request.headers, claims.presigned);
  const payload = requirePayload(request.headers, claims, request.body);
  const headers = names.map((name) => `${name}:${String(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`).join('');
  const signedQuery = query.filter(([name]) => name !== 'X-Amz-Signature');
  const canonical = [request.method, canonicalPath(path), canonicalQuery(signedQuery), headers, claims.signedHeaders, payload].join('\n');
  const [, ...scope] = claims.credential.split('/');
  const toSign = [algorithm, claims.time, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce((made, word) => hmac(made, word), `AWS4${secret}`);
  const wanted = hmac(key, toSign);
  const got = Buffer.from(claims.signature, 'hex');
  if (got.length !== wanted.length || !timingSafeEqual(got, wanted))
    throw denied('SignatureDoesNotMatch', `The request signature we calculated does not match. Canonical request:\n${canonical}`);
}
