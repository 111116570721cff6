import { describe, expect, it } from 'vitest';
import { parseFailpoint } from './failpoint';

function armed(text: string) {
  const said: string[] = [];
  let kills = 0;
  const reach = parseFailpoint(text, { kill: () => void kills++, say: (line) => said.push(line) });
  return { reach, said, kills: () => kills };
}

/** Whether the promise settles before a turn of the event loop has passed. */
const settles = (promise: Promise<void>): Promise<boolean> =>
  Promise.race([
    promise.then(() => true),
    new Promise<boolean>((resolve) => {
      setImmediate(() => resolve(false));
    }),
  ]);

describe('parseFailpoint', () => {
  it.each([undefined, ''])('does nothing when it is not armed (%j)', async (text) => {
    expect(await settles(parseFailpoint(text)('chain.save:before-commit'))).toBe(true);
  });

  it('kills at the named pass of the named place, and nowhere else', async () => {
    const { reach, kills, said } = armed('run.append:after-commit=kill@2');
    expect(await settles(reach('run.append:after-commit'))).toBe(true);
    expect(await settles(reach('run.append:before-commit'))).toBe(true);
    expect(kills()).toBe(0);
    expect(await settles(reach('run.append:after-commit'))).toBe(false);
    expect([kills(), said]).toEqual([1, ['failpoint run.append:after-commit reached\n']]);
  });

  it('holds for ever where it was told to', async () => {
    const { reach, kills } = armed('chain.save:before-commit=hold@1');
    expect(await settles(reach('chain.save:before-commit'))).toBe(false);
    expect(kills()).toBe(0);
  });

  it.each(['nonsense', 'no.such:place=kill@1', 'chain.save:before-commit=kill@0', 'chain.save:before-commit=sleep@1'])(
    'throws for %j: a crash test that never crashes would pass for the wrong reason',
    (text) => {
      expect(() => parseFailpoint(text)).toThrow('CHAINWRIGHT_FAILPOINT');
    },
  );
});
