import type { Caller } from './people.ts';

/** Asks one thing over and over, as a phone would, and remembers how it was answered. */
export class Watch {
  readonly statuses = new Map<number | 'no answer', number>();
  slowestMs = 0;
  #over = false;
  readonly #done: Promise<void>;

  constructor(caller: Caller, path: string, everyMs = 50) {
    this.#done = this.#run(caller, path, everyMs);
  }

  async #run(caller: Caller, path: string, everyMs: number) {
    while (!this.#over) {
      const began = performance.now();
      const status = await caller.get(path).then((answer) => answer.status, () => 'no answer' as const);
      this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  async stop() {
    this.#over = true;
    await this.#done;
    return this;
  }
}
