import { randomUUID } from 'node:crypto';
import { open, realpath, rename, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '@/lib/result';
import { reasonOf } from './terminal';

/**
 * Gives a file new text, whole or not at all: whoever reads it, and whatever is left after a crash, sees the old text or
 * the new one. The new text is on the disk before it takes the old one's name.
 *
 * Keeps the permissions, and the owner where the system lets us. Of a symbolic link the target is written; the link stays.
 * Refuses what is no plain file, in a few words.
 */
export async function replaceFile(file: string, text: string): Promise<Result<void, string>> {
  let made: string | null = null;
  try {
    const target = await realpath(file);
    const old = await stat(target);
    if (!old.isFile()) return err('it is no plain file');
    const beside = path.join(path.dirname(target), `.${path.basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
    const handle = await open(beside, 'wx', 0o600);
    made = beside;
    try {
      await handle.writeFile(text, 'utf8');
      // Only an administrator may give files away; for everybody else the owner is the same already, or stays our own.
      await handle.chown(old.uid, old.gid).catch(() => undefined);
      await handle.chmod(old.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, target);
    made = null;
    return ok(undefined);
  } catch (error) {
    return err(reasonOf(error));
  } finally {
    if (made !== null) await unlink(made).catch(() => undefined);
  }
}
