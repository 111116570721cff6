import type { JsonObject, JsonValue } from '@/lib/json/value';
import { err, ok, type Result } from '@/lib/result';
import { CHAIN_FORMAT } from './chain';

/** One version of the format to the next. */
export interface MigrationStep {
  /** The `format` that the step reads, such as `chainwright.chain/1`. */
  readonly from: string;
  /** The `format` that it gives. */
  readonly to: string;
  /**
   * The document in the newer form; its `format` is written for it. Pure, and total: it gets any JSON object of that
   * format, right or wrong, and what is wrong stays wrong for the reader to name.
   */
  readonly migrate: (document: JsonObject) => JsonObject;
}

/** Every step there has ever been, oldest first. Documents of every earlier version are read through it for good. */
const CHAIN_MIGRATIONS: readonly MigrationStep[] = [];

/**
 * A chain document of any earlier version in the newest one; what has no format of ours, or the newest, comes back as it
 * is. Export and hash always speak of the newest version.
 *
 * @returns Why not, as a sentence, for a document that only a newer Chainwright can read.
 */
export function migrateChain(
  document: JsonObject,
  steps: readonly MigrationStep[] = CHAIN_MIGRATIONS,
  newest: string = CHAIN_FORMAT,
): Result<JsonObject, string> {
  let current = document;
  for (const { from, to, migrate } of steps) {
    if (current.get('format') === from) current = withFormat(migrate(current), to);
  }
  const tooNew = describeNewerFormat(document.get('format'), newest);
  return tooNew === undefined ? ok(current) : err(tooNew);
}

/** What to do about a format whose version is above `newest`; undefined when it is not. */
export function describeNewerFormat(format: JsonValue | undefined, newest: string): string | undefined {
  const [family, version] = newest.split('/') as [string, string];
  if (typeof format !== 'string' || !format.startsWith(`${family}/`)) return undefined;
  const found = format.slice(family.length + 1);
  if (!/^[1-9]\d{0,5}$/.test(found) || Number(found) <= Number(version)) return undefined;
  return `The format is ${format}: this was made by a newer Chainwright, and this one reads up to ${newest}. Update Chainwright, or export the file again from the version that made it, in the older format.`;
}

/** In its place: a `format` that stood first stays first. */
const withFormat = (document: JsonObject, format: string): JsonObject => new Map(document).set('format', format);
