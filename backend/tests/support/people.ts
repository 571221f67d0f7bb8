import { randomBytes } from 'node:crypto';
import { run, type Backend } from './program.ts';

export type Answer<T = any> = { status: number; headers: Headers; body: T };

/** A caller of the API with its token, if it has one. */
export class Caller {
  constructor(readonly url: string, public token?: string) {}

  async call<T = any>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        // Moving the clock of the backend ends connections that were idle; one of each request's own never is.
        connection: 'close',
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' || body instanceof FormData || body instanceof Uint8Array ? body as BodyInit : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text && /json/.test(answer.headers.get('content-type') ?? '') ? JSON.parse(text) : text };
  }

  get<T = any>(path: string, headers?: Record<string, string>) {
    return this.call<T>('GET', path, undefined, headers);
  }

  post<T = any>(path: string, body: unknown = {}, headers?: Record<string, string>) {
    return this.call<T>('POST', path, body, headers);
  }

  /** A form, with its files. */
  async upload<T = any>(path: string, form: FormData, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const answer = await fetch(this.url + path, {
      method: 'POST', headers: { connection: 'close', ...(this.token ? { authorization: `Bearer ${this.token}` } : {}), ...headers }, body: form,
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() as T };
  }

  put<T = any>(path: string, body: unknown, headers?: Record<string, string>) {
    return this.call<T>('PUT', path, body, headers);
  }

  delete<T = any>(path: string, headers?: Record<string, string>) {
    return this.call<T>('DELETE', path, undefined, headers);
  }

  /** The `data` of an answer that must have this status. */
  async expect<T = any>(status: number, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const answer = await this.call(method, path, body, headers);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    return answer.body.data as T;
  }
}

const unique = () => randomBytes(6).toString('hex');

export type Member = Caller & { token: string; id: string; email: string; username: string; password: string; refreshToken: string };

export async function registerMember(url: string, more: Record<string, unknown> = {}): Promise<Member> {
  const tag = unique();
  const password = 'seven green bicycles 7!';
  const form = { username: `member_${tag}`, email: `member_${tag}@example.org`, password, confirmPassword: password, name: 'Test Member', ...more };
  const data = await new Caller(url).expect(201, 'POST', '/api/auth/register', form);
  return Object.assign(new Caller(url), {
    token: data.tokens.accessToken as string, id: data.user.id as string, email: form.email, username: form.username, password, refreshToken: data.tokens.refreshToken as string,
  });
}

export async function logIn(url: string, email: string, password: string) {
  const data = await new Caller(url).expect(200, 'POST', '/api/auth/login', { email, password });
  return Object.assign(new Caller(url), { token: data.tokens.accessToken as string, id: data.user.id as string, refreshToken: data.tokens.refreshToken as string });
}

/** Makes the gym's admin through the command line, beside the running backend, and logs in. */
export async function makeAdmin(backend: Backend) {
  const email = `admin_${unique()}@example.org`;
  const password = 'four patient lighthouses 4!';
  const made = await run('nxg-connect', ['create-admin', '--email', email, '--password-stdin'], backend.environment, password);
  if (made.code !== 0) throw new Error(`create-admin failed:\n${made.output}`);
  return Object.assign(await logIn(backend.url, email, password), { email, password });
}
