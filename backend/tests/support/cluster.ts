import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkIn, connected, Inbox, Machine, openBranch, type Floor } from './floor.ts';
import { MongoDb } from './mongodb.ts';
import { Caller, registerMember } from './people.ts';
import { Backend, eventually, temporaryFolder } from './program.ts';
import { freePort, Redis } from './redis.ts';
import { S3 } from './s3.ts';

const balancer = fileURLToPath(new URL('../../../tools/balancer-config.sh', import.meta.url));

type Cables = { mongodb?: string; redis?: string };

/** Several backends on one MongoDB engine and one Redis, behind haproxy as the load balancer. */
export class Cluster {
  backends: Backend[] = [];
  url = '';
  #balancer: ChildProcess | undefined;

  private constructor(readonly mongodb: MongoDb, readonly redis: Redis, readonly s3: S3) {}

  /** `cables`: by which addresses the first backend reaches the engines, if not by their own. */
  static async start(count: number, cables: (mongodb: MongoDb, redis: Redis) => Promise<Cables> = async () => ({})) {
    const [mongodb, redis, s3] = await Promise.all([MongoDb.start(), Redis.start(), S3.start()]);
    const cluster = new Cluster(mongodb, redis, s3);
    const own = await cables(mongodb, redis);
    for (let i = 0; i < count; ++i) {
      cluster.backends.push(await Backend.start({
        environment: {
          NXG_MONGODB_URL: (i === 0 && own.mongodb) || mongodb.url('gym'),
          NXG_REDIS_URL: (i === 0 && own.redis) || redis.url,
          NXG_S3_URL: s3.endpoint, NXG_S3_BUCKET: s3.bucket, NXG_S3_ACCESS_KEY: S3.accessKeyId, NXG_S3_SECRET_KEY: S3.secretAccessKey,
          NXG_TRUSTED_PROXIES: '127.0.0.1',
          NXG_SESSION_COOKIE: 'nxg-io',
          NXG_LIMIT_MEMBER: '1000000',
        },
      }));
    }
    await cluster.#balance();
    return cluster;
  }

  async #balance() {
    const port = await freePort();
    const file = join(temporaryFolder('haproxy'), 'haproxy.cfg');
    writeFileSync(file, balancerConfig(port, this.backends));
    const child = spawn('haproxy', ['-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#balancer = child;
    process.once('exit', () => child.kill('SIGKILL'));
    let output = '';
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (output = (output + chunk).slice(-10_000)));
    this.url = `http://127.0.0.1:${port}`;
    await eventually('haproxy finds every backend', async () => {
      if (child.exitCode !== null) throw new Error(`haproxy ended:\n${output}`);
      return (await fetch(`${this.url}/api/health`).catch(() => undefined))?.ok;
    });
  }

  /** A machine at one backend, and a member in the gym whose phone is at the other. */
  async trainingApart(admin: Caller, floor?: Floor, [near, far] = this.backends) {
    const where = floor ?? (await openBranch(new Caller(near.url, admin.token)));
    const machine = await Machine.enrol(new Caller(near.url, admin.token), where);
    const member = await registerMember(far.url);
    await checkIn(member, where);
    await machine.connect();
    const phone = new Inbox(await connected(far.url, '/workouts', member.token));
    return { machine, member, phone };
  }

  async stop() {
    this.#balancer?.kill('SIGKILL');
    await Promise.all(this.backends.map((one) => one.stop()));
    await Promise.all([this.mongodb.kill(), this.redis.kill(), this.s3.kill()]);
  }
}

const portOf = (url: string) => new URL(url).port;

/** As `make cluster` has it. */
const balancerConfig = (port: number, backends: Backend[]) =>
  execFileSync(balancer, [`${port}`, ...backends.map((one) => `${portOf(one.url)}:${portOf(one.adminUrl)}`)], { encoding: 'utf8' });
