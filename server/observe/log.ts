import { type Logger, pino } from 'pino';
import { REDACTED } from '../secret';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Log = Pick<Logger, 'error' | 'warn' | 'info' | 'debug'>;

/** Names under which a secret might stand; what is known by value is replaced before it gets here. */
const SECRET_NAMES = ['authorization', 'cookie', 'clientSecret', 'client_secret', 'password', 'token', 'access_token'];

/** One JSON line an entry, on standard error: standard output belongs to what a command answers. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: REDACTED },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

export const silentLog: Log = createLog('silent');
