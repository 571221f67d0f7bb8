// A backend to be measured: started alone, with an admin, members in the gym and machines they are linked to.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { built, folder, onEnd, stop, top, until } from './programs.mjs';

const generous = '1000000000';

export class Gym {
  static async start(environment = {}) {
    const gym = new Gym();
    gym.data = folder('gym');
    gym.environment = {
      ...process.env, NXG_DATA_DIR: gym.data, NXG_PORT: '0', NXG_ADMIN_PORT: '0', NXG_LOG_LEVEL: 'warn', NXG_LIMIT_MEMBER: generous,
      NXG_LIMIT_PUBLIC: generous, NXG_LIMIT_REGISTER: generous, NXG_LIMIT_MACHINE_RATE: '100000', NXG_LIMIT_MACHINE_BURST: '1000000',
      NXG_DOCS_ASSETS: join(top, 'node_modules/swagger-ui-dist'), ...environment,
    };
    await fetch('http://127.0.0.1:1/').catch(() => undefined);  // the first fetch of a process loads half of Node
    const begun = process.hrtime.bigint();
    gym.child = spawn(built('nxg-connect'), ['serve'], { env: gym.environment, stdio: ['ignore', 'ignore', 'inherit'] });
    onEnd(() => stop(gym.child));
    const ports = join(gym.data, 'ports.json');
    await until('the backend is ready', async () => {
      if (gym.child.exitCode !== null) throw new Error('the backend ended at its start');
      if (!existsSync(ports)) return false;
      let chosen;
      try {
        chosen = JSON.parse(readFileSync(ports, 'utf8'));
      } catch {
        return false;
      }
      gym.url = `http://127.0.0.1:${chosen.http}`;
      return (await fetch(`http://127.0.0.1:${chosen.admin}/health/ready`).catch(() => undefined))?.status === 200;
    });
    gym.readyMs = Number(process.hrtime.bigint() - begun) / 1e6;
    gym.residentMiB = Number(readFileSync(`/proc/${gym.child.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
    return gym;
  }

  stop() {
    return stop(this.child);
  }

  async call(method, path, token, body) {
    const answer = await fetch(this.url + path, {
      method, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) }, body: body && JSON.stringify(body),
    });
    const content = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(content)}`);
    return content.data;
  }

  async admin() {
    if (!this.adminToken) {
      const email = 'bench-admin@gym.example';
      const password = 'nine measured kettlebells 9';
      execFileSync(built('nxg-connect'), ['create-admin', '--email', email, '--password-stdin'], { input: password, env: this.environment });
      this.adminToken = (await this.call('POST', '/api/auth/login', undefined, { email, password })).tokens.accessToken;
    }
    return this.adminToken;
  }

  async member(number) {
    const password = 'nine measured kettlebells 9';
    const data = await this.call('POST', '/api/auth/register', undefined, {
      username: `bench_${number}`, email: `bench_${number}@gym.example`, password, confirmPassword: password, name: 'Bench Member',
    });
    return { id: data.user.id, token: data.tokens.accessToken };
  }

  /** Credentials of that many machines with a linked member each, in the form nxg-load reads. */
  async training(count) {
    const admin = await this.admin();
    const branch = await this.call('POST', '/api/branches', admin, { name: 'Bench', address: '1 Example Street', city: 'Example', timeZone: 'UTC', capacity: 10000 });
    const screen = await this.call('POST', `/api/branches/${branch.id}/screens`, admin, { name: 'Entrance' });
    const result = { machines: [], devices: [] };
    for (let i = 0; i < count; ++i) {
      const machine = await this.call('POST', '/api/machines', admin, { branchId: branch.id, name: `Treadmill ${i}`, class: 'treadmill' });
      const { secret } = await this.call('POST', `/api/machines/${machine.id}/credentials`, admin, {});
      const { accessToken } = await this.call('POST', '/api/machines/token', undefined, { machineId: machine.id, secret });
      const member = await this.member(`m${i}`);
      const code = await this.call('GET', `/api/sessions/check-in-code/${branch.id}`, screen.accessToken);
      await this.call('POST', '/api/sessions/start', member.token, { method: 'qr', token: code.token });
      const link = await this.call('POST', '/api/machines/link', member.token, { machineId: machine.id });
      result.machines.push({ auth: { token: accessToken }, linkId: link.linkId });
      result.devices.push({ auth: { token: member.token } });
    }
    return result;
  }
}
