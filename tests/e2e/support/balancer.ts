import { Api } from './api.js';

/** What a load balancer does: it asks who is ready, again and again, and sends requests to these alone. */
export class Balancer {
  private ready: readonly string[] = [];
  private readonly watching: NodeJS.Timeout;
  private turn = 0;

  constructor(
    private readonly urls: () => readonly string[],
    everyMs = 50,
  ) {
    this.watching = setInterval(() => void this.look(), everyMs);
  }

  async look() {
    const urls = this.urls();
    const states = urls.map(url =>
      fetch(`${url}/health/ready`)
        .then(({ ok }) => ok)
        .catch(() => false),
    );
    const answers = await Promise.all(states);
    this.ready = urls.filter((_, i) => answers[i]);
  }

  get api(): Api {
    return new Api(this.ready[this.turn++ % this.ready.length] as string);
  }

  close() {
    clearInterval(this.watching);
  }
}
