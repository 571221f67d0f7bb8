import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectExact, reportOf, startGym } from '../support/gym.ts';
import { services, startBackend, startServices, type Service } from '../support/outside_world.ts';
import { patience } from '../support/patience.ts';
import { type Answer, Caller, makeAdmin, type Member, registerMember } from '../support/people.ts';
import { form, png } from '../support/pictures.ts';
import { type Backend, eventually, type Program, type Sandbox } from '../support/program.ts';

/** The long form (make soak) asks more often under each fault. */
const soak = process.env.NXG_SOAK === '1';
const asksWhileOpen = soak ? 5_000 : 150;
/** A breaker is open for half a minute; where asking takes longer than that, a few calls see whether the service is well. */
const askingWhileOpenMs = soak ? 180_000 : 20_000;
const asksUnderFault = soak ? 300 : 20;
const askersOfEach = 4;
const pauseMs = 20;
const mealsOfDay = 90;

const kinds = ['http_500', 'latency', 'cut_body', 'http_429', 'wrong_json', 'unsafe', 'hang', 'flapping'] as const;
const kindsAlone = soak ? kinds : (['http_500', 'unsafe', 'hang'] as const);
/** What is no answer at all opens a breaker; 429 says that the service is well, late and harmful answers are answers. */
const deadly = ['http_500', 'cut_body', 'wrong_json', 'hang'];

/** What the API gives each of them, and the test machine's own time. */
const deadlineMs = { wps: 25_000, nps: 25_000, mds: 25_000, scs: 60_000 };
const ownTimeMs = 3_000 * patience;

/** Their knees, and what they must not eat. */
const profile = { dateOfBirth: '1992-05-04', gender: 'female', heightCm: 171, weightKg: 82, activityLevel: 'moderately_active', level: 'intermediate', goal: 'weight_loss' };
const against = { wps: /\b(squat|lunge|jump|hop|sprint|jog)/i, nps: /\b(peanut|yogurt|cheese|milk)/i };
const sources = ['service', 'cache', 'stale_cache', 'last_plan', 'rules'];

type Ask = { service: Service; at: number; ms: number; status: number; source?: string };

/** Members who never stop asking, and what they have been answered. */
class Crowd {
  readonly asks: Ask[] = [];
  readonly faults: string[] = [];
  /** Whose plan, meal or scan each is. */
  readonly #owners = new Map<string, string>();
  readonly #members: Member[] = [];
  #over = false;
  #running: Promise<void>[] = [];

  constructor(readonly backend: Backend) {}

  async open() {
    for (let i = 0; i < askersOfEach; ++i) {
      for (const service of ['wps', 'nps', 'mds'] as const) {
        const member = await this.#member(60 + this.#members.length * 0.5);
        this.#running.push(this.#ask(service, member, 60 + (this.#members.length - 1) * 0.5));
      }
    }
  }

  async close() {
    this.#over = true;
    await Promise.all(this.#running);
  }

  count(service: Service) {
    return this.asks.filter((one) => one.service === service).length;
  }

  /** One member, one scan: a day has no more. */
  async scan() {
    const member = await this.#member(70);
    const sent = new FormData();
    sent.append('file', new Blob([`# ${randomBytes(8).toString('hex')}\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n`]), 'scan.obj');
    const answer = await this.#timed('scs', () => member.upload('/api/scans/upload', sent));
    if (answer.status !== 202) return this.faults.push(`a scan was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const id = answer.body.data.scanId;
    this.#belongs(id, member);
    const { status, body } = await member.get(`/api/scans/${id}`);
    if (status !== 200 || !['queued', 'uploading', 'processing', 'completed'].includes(body.data.processingStatus)) this.faults.push(`a scan is ${status} ${JSON.stringify(body)}`);
    await this.#isHidden(`/api/scans/${id}`);
  }

  async #member(targetWeightKg: number) {
    const member = await registerMember(this.backend.url);
    await member.expect(201, 'POST', '/api/users/me/consents', { type: 'health_data', version: '1', granted: true });
    await member.expect(200, 'PUT', '/api/users/profile', { ...profile, targetWeightKg, healthConditions: ['knee pain'], allergies: ['peanuts', 'milk'] });
    this.#members.push(member);
    return member;
  }

  async #timed(service: Service, ask: () => Promise<Answer>) {
    const at = performance.now();
    const answer = await ask();
    const ms = performance.now() - at;
    this.asks.push({ service, at, ms, status: answer.status, source: answer.body?.data?.source ?? answer.body?.data?.detection });
    if (ms > deadlineMs[service] * patience + ownTimeMs) this.faults.push(`${service} took ${ms} ms`);
    const honest = answer.status === 503 && Number(answer.headers.get('retry-after')) > 0 && typeof answer.body.code === 'string';
    if (answer.status >= 300 && !honest) this.faults.push(`${service} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async #ask(service: 'wps' | 'nps' | 'mds', member: Member, targetWeightKg: number) {
    for (let turn = 0; !this.#over; ++turn) {
      try {
        await { wps: () => this.#workouts(member), nps: () => this.#meals(member, targetWeightKg), mds: () => this.#picture(member, turn) }[service]();
      } catch (error) {
        this.faults.push(`${service}: ${error}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #workouts(member: Member) {
    const { status, body } = await this.#timed('wps', () => member.post('/api/integrations/workout-plans', { weeklyWorkoutDays: 4, forceRefresh: true }));
    if (status < 300) this.#isGood('wps', body.data.source, body.data.workoutPlan.id, body.data.workoutPlan, member);
  }

  async #meals(member: Member, targetWeightKg: number) {
    const { status, body } = await this.#timed('nps', () => member.post('/api/integrations/diet-plans', { forceRefresh: true }));
    if (status >= 300) return;
    this.#isGood('nps', body.data.source, body.data.dietPlan.id, body.data.dietPlan.mealPlan, member);
    if (Math.abs(body.data.dietPlan.targetWeightKg - targetWeightKg) > 0.06) this.faults.push(`a diet for ${targetWeightKg} kg is one for ${body.data.dietPlan.targetWeightKg}`);
  }

  #isGood(service: 'wps' | 'nps', source: string, id: string, content: object, member: Member) {
    if (!sources.includes(source)) this.faults.push(`${service} gave a plan from ${source}`);
    const text = JSON.stringify(content).replace(/coconut milk/gi, '');
    const harmful = text.match(against[service]);
    if (harmful) this.faults.push(`${service} (${source}) gave ${harmful[0]} to somebody it harms: ${text.slice(Math.max(0, harmful.index! - 100), harmful.index! + 100)}`);
    this.#belongs(id, member);
  }

  async #picture(member: Member, turn: number) {
    const image = png({ width: 64, height: 48, seed: Math.floor(Math.random() * 1e9) });
    // A day has room for a hundred meals: mostly they only look, and on a fast machine only that in the end.
    if (turn % 20 !== 0 || turn >= 20 * mealsOfDay) {
      const { status, body } = await this.#timed('mds', () => member.upload('/api/integrations/meal-detection', form(image)));
      if (status < 300) this.#isFood(body.data.detectedFoods);
      return;
    }
    const { status, body } = await this.#timed('mds', () => member.upload('/api/nutrition/upload-meal', form(image)));
    if (status >= 300) return;
    const meal = body.data;
    this.#belongs(meal.mealId, member);
    if (meal.detection === 'pending' && !meal.betterAnswerAt) this.faults.push('a meal waits, and does not say until when');
    this.#isFood(meal.items);
    await this.#isHidden(`/api/nutrition/meals/${meal.mealId}`);
  }

  #isFood(items: { name: string; nutrition?: { energyKcal: number } }[]) {
    const lie = items.find((one) => /ignore|award|<|Black hole/i.test(one.name) || (one.nutrition?.energyKcal ?? 0) > 20_000);
    if (lie) this.faults.push(`a lie was believed: ${JSON.stringify(lie)}`);
  }

  #belongs(id: string, member: Member) {
    const owner = this.#owners.get(id) ?? member.id;
    if (owner !== member.id) this.faults.push(`${id} was given to ${owner} and to ${member.id}`);
    this.#owners.set(id, owner);
  }

  async #isHidden(path: string) {
    const stranger = this.#members[Math.floor(Math.random() * this.#members.length)];
    const owner = this.#owners.get(path.split('/').at(-1)!);
    if (stranger.id === owner) return;
    const { status } = await stranger.get(path);
    if (status !== 404) this.faults.push(`${path} of somebody else was answered ${status}`);
  }
}

/** A gym at work, a crowd that asks, and the services it asks. */
class World {
  private constructor(readonly sandbox: Sandbox, readonly backend: Backend, readonly crowd: Crowd, readonly gym: Program) {}

  static async open() {
    const sandbox = await startServices();
    const backend = await startBackend(sandbox);
    const admin = await makeAdmin(backend);
    const crowd = new Crowd(backend);
    const gym = startGym(backend.url, admin, ['--machines', '8', '--speed', '5', '--seconds', '0']);
    await crowd.open();
    return new World(sandbox, backend, crowd, gym);
  }

  /** What reached each service so far, and all of them. */
  async reached(): Promise<Record<Service | 'total', number>> {
    const { total, totals } = await (await fetch(`${this.sandbox.url}/requests`, { headers: { connection: 'close' } })).json() as any;
    return { ...Object.fromEntries(services.map((one) => [one, totals[one] ?? 0])), total } as Record<Service | 'total', number>;
  }

  /** What a counter says, over all its series that have those labels. */
  async counted(name: string, labels: Record<string, string>) {
    const lines = (await this.backend.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`) && Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)));
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  lies(service: Service) {
    return this.counted('nxg_outside_attempts_total', { service, outcome: 'malformed' });
  }

  opened(service: Service) {
    return this.counted('nxg_outside_breaker_changes_total', { service, state: 'open' });
  }

  /** Orders of scans since that request of the sandbox. */
  async ordersSince(total: number) {
    const { requests } = await (await fetch(`${this.sandbox.url}/requests`, { headers: { connection: 'close' } })).json() as { requests: { number: number; target: string }[] };
    expect(requests[0].number, 'the sandbox remembers as far back as that').toBeLessThanOrEqual(total + 1);
    return requests.filter((one) => one.number > total && one.target.endsWith('/scans/process')).length;
  }

  asked(service: Service, times: number) {
    const before = this.crowd.count(service);
    return eventually(`${service} is asked ${times} times more`, () => this.crowd.count(service) >= before + times, 120_000);
  }

  /** Scans, until `enough`; each is a member of its own. */
  async scans(most: number, enough: () => Promise<boolean>) {
    for (let i = 0; i < most && !(await enough()); ++i) await this.crowd.scan();
  }

  /** Of the calls that order something: 0 closed, 1 half-open, 2 open. */
  breaker(service: Service) {
    return this.counted('nxg_breaker_state', { service });
  }

  async isOpen(service: Service) {
    return (await this.breaker(service)) === 2;
  }

  /** As everybody is told: with the calls that fetch results. */
  async isWell(service: Service) {
    const all = await new Caller(this.backend.url).expect(200, 'GET', '/api/health/dependencies') as { name: string; breaker: string }[];
    return all.find((one) => one.name === service)!.breaker === 'closed';
  }

  /** Nobody does anything for it but ask. */
  async recovers(service: Service) {
    if (service === 'scs') await eventually('the scan service is tried again', async () => !(await this.isOpen('scs')), 60_000);
    await eventually(`the breaker of ${service} closes by itself`, async () => {
      if (await this.isWell(service)) return true;
      if (service === 'scs') await this.crowd.scan();
      return undefined;
    }, 90_000);
  }

  /** The fault does what it does, and where it is deadly, the dead are left alone. */
  async suffers(kind: string, service: Service) {
    const lied = await this.lies(service);
    const refused = await this.counted('nxg_diet_plans_refused_total', { reason: 'unsafe' });
    if (deadly.includes(kind)) await this.isLeftAlone(kind, service);
    else if (service === 'scs') await this.scans(3, async () => false);
    else await this.asked(service, kind === 'latency' || kind === 'http_429' ? askersOfEach : asksUnderFault);
    if (kind === 'wrong_json' || (kind === 'unsafe' && service === 'mds')) {
      expect(await this.lies(service), `lies of ${service}, counted`).toBeGreaterThan(lied);
      await eventually(`a lie of ${service} is logged`, () => this.backend.program.output.includes(`${service} attempt failed: malformed`));
    }
    if (kind === 'unsafe' && service === 'nps') expect(await this.counted('nxg_diet_plans_refused_total', { reason: 'unsafe' })).toBeGreaterThan(refused);
  }

  /** Once its breaker is open, hardly anything of what is asked of a service reaches it. */
  async isLeftAlone(kind: string, service: Service) {
    if (service === 'scs') await this.scans(12, () => this.isOpen('scs'));
    await eventually(`the breaker of ${service} opens under ${kind}`, () => this.isOpen(service), 60_000);
    const before = await this.reached();
    const asked = this.crowd.count(service);
    if (service === 'scs') {
      await this.scans(3, async () => false);
      expect(await this.ordersSince(before.total), `orders of scans that reached the service under ${kind}`).toBe(0);
      return;
    }
    const until = performance.now() + askingWhileOpenMs;
    await eventually(`${service} is asked for a while`, () => this.crowd.count(service) >= asked + asksWhileOpen || performance.now() > until, 2 * askingWhileOpenMs);
    const reached = (await this.reached())[service] - before[service];
    expect(reached / (this.crowd.count(service) - asked), `calls to ${service} under ${kind}, of what was asked of it`).toBeLessThan(0.01);
  }

  /** Whatever became of the test. */
  async end() {
    await this.crowd.close();
    await this.gym.kill('SIGKILL');
    await this.backend.kill();
    await this.sandbox.stop();
  }

  /** All services are well again by themselves, the gym's books agree, and nobody has anything to complain of. */
  async balance() {
    for (const service of services) await this.recovers(service);
    await this.crowd.close();
    this.gym.kill('SIGINT');
    expectExact(await reportOf(this.gym));
    expect(this.crowd.faults.slice(0, 20), `${this.crowd.faults.length} of ${this.crowd.asks.length} asks`).toEqual([]);
    await this.backend.stop();
  }
}

describe.concurrent('under load, with every fault of every outside service', () => {
  test('alone: the others do not notice, and everybody gets an honest answer in time', async ({ onTestFinished }) => {
    const world = await World.open();
    onTestFinished(() => world.end());
    for (const kind of kindsAlone) {
      for (const service of services) {
        await world.recovers(service);
        const others = services.filter((one) => one !== service);
        const before = await Promise.all(others.map((one) => world.opened(one)));
        await world.sandbox.fault(kind, { service });
        await world.suffers(kind, service);
        expect(await Promise.all(others.map((one) => world.opened(one))), `breakers of ${others} while ${service} has ${kind}`).toEqual(before);
        await world.sandbox.fault('none', { service });
      }
    }
    await world.balance();
  }, 900_000);

  test('all together', async ({ onTestFinished }) => {
    const world = await World.open();
    onTestFinished(() => world.end());
    for (const kind of kinds) {
      for (const service of services) await world.recovers(service);
      await world.sandbox.fault(kind);
      await Promise.all(services.map((service) => world.suffers(kind, service)));
      await world.sandbox.fault('none');
    }
    await world.balance();
  }, 900_000);
});
