import { randomBytes } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { Caller, type Member, registerMember } from './people.ts';
import { eventually } from './program.ts';
import { patiently } from './patience.ts';

export type Floor = { branchId: string; screen: Caller };

/** A branch with a screen that shows its check-in code. */
export async function openBranch(admin: Caller, more: object = {}): Promise<Floor> {
  const branch = await admin.expect(201, 'POST', '/api/branches', {
    name: `Branch ${randomBytes(3).toString('hex')}`, address: '1 Example Street', city: 'Example', timeZone: 'Europe/Berlin', capacity: 100, ...more,
  });
  const screen = await admin.expect(201, 'POST', `/api/branches/${branch.id}/screens`, { name: 'Entrance' });
  return { branchId: branch.id, screen: new Caller(admin.url, screen.accessToken) };
}

export async function checkIn(member: Caller, floor: Floor) {
  const code = await floor.screen.expect(200, 'GET', `/api/sessions/check-in-code/${floor.branchId}`);
  return member.expect(201, 'POST', '/api/sessions/start', { method: 'qr', token: code.token });
}

export type Ack = { epoch: string; through: number; refused: { seq: number; code: string }[]; retryAfterMs?: number };
export type Sample = { seq: number; at: string; linkId?: string; elapsedSeconds: number } & Record<string, unknown>;

const taken = (ack: Ack) => (ack.retryAfterMs === undefined ? ack : undefined);

/** A machine with its own identity: token, samples kept in order, sockets. */
export class Machine {
  token = '';
  epoch = randomBytes(16).toString('hex');
  seq = 0;
  socket?: Socket;

  private constructor(readonly url: string, readonly id: string, readonly secret: string) {}

  static async enrol(admin: Caller, floor: Floor, more: object = {}) {
    const machine = await admin.expect(201, 'POST', '/api/machines', { branchId: floor.branchId, name: 'Treadmill 1', class: 'treadmill', ...more });
    const credentials = await admin.expect(201, 'POST', `/api/machines/${machine.id}/credentials`, {});
    const enrolled = new Machine(admin.url, machine.id, credentials.secret);
    await enrolled.renewToken();
    await enrolled.caller.expect(200, 'POST', '/api/machines/heartbeat', { status: 'idle', at: new Date().toISOString() });
    return enrolled;
  }

  async renewToken() {
    const data = await new Caller(this.url).expect(200, 'POST', '/api/machines/token', { machineId: this.id, secret: this.secret });
    this.token = data.accessToken;
  }

  get caller() {
    return new Caller(this.url, this.token);
  }

  sample(linkId?: string, more: Record<string, unknown> = {}): Sample {
    this.seq += 1;
    return {
      seq: this.seq, at: new Date().toISOString(), ...(linkId ? { linkId } : {}), elapsedSeconds: this.seq,
      speedKmh: 9, distanceMeters: this.seq * 2.5, heartRateBpm: 120, powerWatts: 180, ...more,
    };
  }

  async connect() {
    this.socket = await connected(this.url, '/machines', this.token);
    return this.socket;
  }

  /** Until it is taken, as machines do: what comes while much waits to be folded is put off. */
  send(sample: Sample): Promise<Ack> {
    return eventually('the sample is taken', async () => taken(await this.emit('telemetry', { sample })));
  }

  sendBatch(samples: Sample[]): Promise<Ack> {
    return eventually('the samples are taken', async () => taken(await this.emit('telemetry:batch', { samples })));
  }

  /** Over HTTP. */
  post(samples: Partial<Sample>[]): Promise<Ack> {
    return eventually('the samples are taken', async () =>
      taken(await this.caller.expect(200, 'POST', '/api/machines/workout-data', { epoch: this.epoch, samples })));
  }

  /** One message and what it is answered. */
  emit(event: string, what: object): Promise<Ack> {
    return this.socket!.timeout(patiently(10_000)).emitWithAck(event, { epoch: this.epoch, ...what });
  }
}

/** A connected socket of the official client. */
export function connected(url: string, namespace: string, token?: string, more: object = {}): Promise<Socket> {
  const socket = io(url + namespace, { transports: ['websocket'], auth: token ? { token } : {}, reconnection: false, forceNew: true, ...more });
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
}

/** Everything a socket received, by event, and a way to wait for more. */
export class Inbox {
  readonly events: { event: string; payload: any }[] = [];

  constructor(readonly socket: Socket) {
    socket.onAny((event, payload) => this.events.push({ event, payload }));
  }

  of(event: string) {
    return this.events.filter((one) => one.event === event).map((one) => one.payload);
  }

  next(event: string, matching: (payload: any) => boolean = () => true, withinMs = 15_000) {
    return eventually(`${event} arrives`, () => this.of(event).find(matching), withinMs);
  }
}

/** A device that listens from its first moment: what comes with the connection is not missed. */
export async function listening(url: string, namespace: string, auth: { token?: string; after?: unknown }) {
  const socket = io(url + namespace, { transports: ['websocket'], auth, reconnection: false, forceNew: true, autoConnect: false });
  const inbox = new Inbox(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect();
  });
  return inbox;
}

/** A member in the gym, linked to a machine that is connected; with one phone that watches. */
export async function memberTraining(admin: Caller, floor?: Floor) {
  const where = floor ?? (await openBranch(admin));
  const machine = await Machine.enrol(admin, where);
  const member: Member = await registerMember(admin.url);
  await checkIn(member, where);
  await machine.connect();
  const phone = new Inbox(await connected(admin.url, '/workouts', member.token));
  const link = await member.expect(201, 'POST', '/api/machines/link', { machineId: machine.id });
  return { floor: where, machine, member, phone, link };
}
