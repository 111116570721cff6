// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Body } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import { ValueView } from './value-view';

afterEach(cleanup);

const inline = (text: string): Body => ({ type: 'inline', text: text as JsonText });
const stored = (sizeBytes: number): Body => ({ type: 'stored', sha256: 'abc', sizeBytes, preview: '{"orders": [' });
const neverLoads = () => Promise.reject(new Error('nothing is stored here'));
const wrapper = ({ children }: { readonly children: ReactNode }) => <Tooltip.Provider>{children}</Tooltip.Provider>;
const show = (body: Body, loadBody: (sha256: string) => Promise<string> = neverLoads) =>
  render(<ValueView body={body} loadBody={loadBody} label="Output of fetch" templateRoot="fetch" />, { wrapper });

describe('ValueView', () => {
  it('shows a value as a tree, with numbers as they were spelled', () => {
    show(inline('{"total": 2.0, "id": 9007199254740993}'));
    const tree = screen.getByRole('list', { name: 'Output of fetch' });
    expect(tree.textContent).toContain('total: 2.0');
    expect(tree.textContent).toContain('id: 9007199254740993');
  });

  it('folds a branch and opens it again', () => {
    show(inline('{"orders": [{"no": 7}]}'));
    const orders = screen.getByRole('button', { name: 'orders, 1 item' });
    fireEvent.click(screen.getByRole('button', { name: '0, 1 field' }));
    expect(screen.queryByText('no:')).not.toBeNull();
    fireEvent.click(orders);
    expect(orders.getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByRole('button', { name: '0, 1 field' })).toBeNull();
  });

  it('shows the first 10 KB of a larger value, says so, and shows more when asked', () => {
    show(inline(JSON.stringify(Array.from({ length: 420 }, (_, i) => `row ${i} ${'x'.repeat(90)}`))));
    expect(screen.getByText(/Showing 10 KB of 41 KB; the run used all of it/)).not.toBeNull();
    expect(screen.getByText(/more not shown/)).not.toBeNull();
    expect(screen.queryByText(/row 419/)).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
    fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(screen.queryByText(/row 419/)).not.toBeNull();
  });

  it('copies the value and the path that a template reads', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    show(inline('{"orders": [{"items": 1.50}]}'));
    fireEvent.click(screen.getByRole('button', { name: '0, 1 field' }));
    const row = screen.getByText('1.50').closest('li')!;
    const copyValue = within(row).getByRole('button', { name: 'Copy value' });
    fireEvent.focus(copyValue);
    fireEvent.click(within(row).getByRole('button', { name: 'Copy path' }));
    fireEvent.click(copyValue);
    await screen.findAllByRole('button', { name: /copied/ });
    expect(writeText.mock.calls).toEqual([["fetch.orders[0]['items']"], ['1.50']]);
    vi.unstubAllGlobals();
  });

  it('fetches a stored value by its hash', async () => {
    const loadBody = vi.fn(() => Promise.resolve('{"orders": 3}'));
    show(stored(20_000), loadBody);
    expect(await screen.findByText('3')).not.toBeNull();
    expect(loadBody.mock.calls).toEqual([['abc']]);
  });

  it('fetches a large value only when asked', async () => {
    const loadBody = vi.fn(() => Promise.resolve('{"orders": 3}'));
    show(stored(4_404_019), loadBody);
    expect(loadBody).not.toHaveBeenCalled();
    fireEvent.click(screen.getByRole('button', { name: 'Load 4.2 MB' }));
    expect(await screen.findByText('3')).not.toBeNull();
  });

  it('says why a value could not be fetched, and tries again', async () => {
    const loadBody = vi
      .fn<(sha256: string) => Promise<string>>()
      .mockRejectedValueOnce(new Error('The server answered 404.'))
      .mockResolvedValueOnce('{"orders": 3}');
    show(stored(20_000), loadBody);
    expect((await screen.findByRole('alert')).textContent).toContain('The server answered 404.');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('3')).not.toBeNull();
  });

  it('shows an answer that is no JSON as it came', () => {
    show(inline('<html>Bad gateway</html>'));
    expect(screen.getByText('<html>Bad gateway</html>')).not.toBeNull();
  });
});
