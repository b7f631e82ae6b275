import { createLogger } from '@org/adapters-http';
import pino from 'pino';
import { ConfigError, readConfig } from './config/config.js';
import { DataFolderInUseError } from './embedded/embedded-postgres.js';
import { keepHeapSmall } from './memory.js';
import { startService } from './service.js';
import { welcome } from './welcome.js';

const exitCodes = { failed: 1, misconfigured: 2 } as const;

/** Lines are gathered under load, and written after a fifth of a second at the latest. */
const destination = pino.destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 200 });

function end(code: number): never {
  try {
    destination.flushSync();
  } catch {
    // Not open yet: nothing was logged.
  }
  process.exit(code);
}

async function main(): Promise<void> {
  keepHeapSmall();
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel, destination);
  const onFatal = (err: Error) => {
    logger.fatal({ err }, 'the database is gone');
    end(exitCodes.failed);
  };
  process.on('uncaughtException', err => {
    // What nobody has thought of leaves nothing half done: the database forgets what was not committed.
    logger.fatal({ err }, 'unexpected');
    end(exitCodes.failed);
  });
  const starting = startService({ config, logger, onFatal });
  let asked = false;
  const stop = (signal: string) => {
    // Whoever asks twice does not want to wait.
    if (asked) end(exitCodes.failed);
    asked = true;
    logger.info({ signal }, 'stopping');
    // A start that is under way is finished first: half of one can't be undone.
    starting
      .then(service => service.stop())
      .then(
        () => end(0),
        err => {
          logger.error({ err }, 'did not stop cleanly');
          end(exitCodes.failed);
        },
      );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const service = await starting;
  if (!asked) console.log(welcome(config, service));
}

main().catch((error: Error) => {
  const known = error instanceof ConfigError || error instanceof DataFolderInUseError;
  const causes = error.cause instanceof Error && !known ? ` (${error.cause.message})` : '';
  console.error(error instanceof ConfigError ? error.message : `The service did not start: ${error.message}${causes}`);
  end(error instanceof ConfigError ? exitCodes.misconfigured : exitCodes.failed);
});
