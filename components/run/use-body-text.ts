import { useEffect, useState } from 'react';
import type { Body } from '@/lib/json/body';

/** Fetches a stored value by its content hash; rejects with a sentence for a person. */
export type LoadBody = (sha256: string) => Promise<string>;

/** Values up to this size are fetched as soon as they are looked at; larger ones when a person asks. */
const FETCH_UNASKED_BYTES_MAX = 256 * 1024;

export type BodyText =
  | { readonly status: 'ready'; readonly text: string }
  /** `preview` is not JSON by itself. */
  | { readonly status: 'offered' | 'loading'; readonly preview: string; readonly sizeBytes: number }
  | { readonly status: 'failed'; readonly preview: string; readonly sizeBytes: number; readonly message: string };

/** The text of a recorded value, and what asks for it (again) when it is not here yet. */
export function useBodyText(body: Body, loadBody: LoadBody): { readonly state: BodyText; readonly load: () => void } {
  const sha256 = body.type === 'stored' ? body.sha256 : null;
  const isAutomatic = body.type === 'stored' && body.sizeBytes <= FETCH_UNASKED_BYTES_MAX;
  /** Which value a person asked for, and how often: a second try is another request. */
  const [asked, setAsked] = useState<{ readonly sha256: string | null; readonly count: number }>({
    sha256: null,
    count: 0,
  });
  const [loaded, setLoaded] = useState<{
    readonly sha256: string;
    readonly result: { readonly text: string } | { readonly message: string } | null;
  } | null>(null);
  const request = sha256 !== null && asked.sha256 === sha256 ? asked.count : isAutomatic ? 0 : null;

  useEffect(() => {
    if (sha256 === null || request === null) return;
    let isCurrent = true;
    const settle = (result: { readonly text: string } | { readonly message: string }) => {
      if (isCurrent) setLoaded({ sha256, result });
    };
    setLoaded({ sha256, result: null });
    loadBody(sha256).then(
      (text) => settle({ text }),
      (error: unknown) => settle({ message: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [sha256, request, loadBody]);

  const load = () => setAsked({ sha256, count: asked.count + 1 });
  if (body.type === 'inline') return { state: { status: 'ready', text: body.text }, load };
  const { preview, sizeBytes } = body;
  const result = loaded?.sha256 === sha256 ? loaded.result : null;
  if (result === null) return { state: { status: request === null ? 'offered' : 'loading', preview, sizeBytes }, load };
  if ('text' in result) return { state: { status: 'ready', text: result.text }, load };
  return { state: { status: 'failed', preview, sizeBytes, message: result.message }, load };
}
