import cliProgress from 'cli-progress';

export interface Progress {
  /** One more is done. */
  step(): void;
  end(): void;
}

/** A bar on the terminal, which costs nothing where thousands are done in a second. */
export function showProgress(total: number): Progress {
  const bar = new cliProgress.SingleBar({ noTTYOutput: true, fps: 5 }, cliProgress.Presets.shades_classic);
  const stride = Math.max(1, Math.round(total / 100));
  let done = 0;
  bar.start(total, 0);
  return {
    step() {
      if (++done % stride === 0) bar.update(done);
    },
    end() {
      bar.update(done);
      bar.stop();
    },
  };
}
