import type { Action, RetryOverrides, RetryPolicy } from '@/lib/chain/chain';
import { RETRYABLE_KINDS } from '@/lib/failure/action-failure';
import { FAILURE_WORDS } from '@/lib/failure/failure-words';
import type { Numeral } from '@/lib/json/value';
import { NumberField } from './number-field';

const KEYS = [
  { key: 'max_attempts', label: 'Attempts at most', limits: { min: 1, max: 100, isInteger: true } },
  { key: 'initial_delay_sec', label: 'First pause (seconds)', limits: { min: 0, max: 3600 } },
  { key: 'multiplier', label: 'Each pause times', limits: { min: 1, max: 100 } },
  { key: 'max_delay_sec', label: 'Longest pause (seconds)', limits: { min: 0, max: 3600 } },
] as const;

/** When and how often a failed call is tried again. What is left empty comes from the chain, shown as placeholder. */
export function RetryFields({
  action,
  policy,
  onChange,
}: {
  readonly action: Action;
  readonly policy: RetryPolicy;
  readonly onChange: (retry: RetryOverrides | undefined) => void;
}) {
  const written: RetryOverrides = action.retry ?? { extra: new Map() };
  const set = (key: keyof RetryOverrides, value: unknown): void => {
    const { [key]: _old, ...rest } = written;
    const retry = (value === undefined ? rest : { ...rest, [key]: value }) as RetryOverrides;
    const isEmpty = Object.keys(retry).length === 1 && retry.extra.size === 0;
    onChange(isEmpty ? undefined : retry);
  };
  const inForce: Readonly<Record<(typeof KEYS)[number]['key'], number>> = {
    max_attempts: policy.maxAttempts,
    initial_delay_sec: policy.initialDelayMs / 1000,
    multiplier: policy.multiplier,
    max_delay_sec: policy.maxDelayMs / 1000,
  };
  return (
    <>
      <div className="grid grid-cols-2 gap-x-3">
        {KEYS.map(({ key, label, limits }) => (
          <NumberField
            key={key}
            label={label}
            value={written[key] as Numeral | undefined}
            placeholder={String(inForce[key])}
            limits={limits}
            onChange={(value) => set(key, value)}
          />
        ))}
      </div>
      <fieldset className="mb-3">
        <legend className="mb-1 text-xs font-medium text-text-2">Try again after</legend>
        <div className="grid grid-cols-2 gap-x-3">
          {RETRYABLE_KINDS.map((kind) => (
            <label key={kind} className="flex min-h-7 items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={policy.on.includes(kind)}
                onChange={(event) =>
                  set(
                    'on',
                    RETRYABLE_KINDS.filter((other) =>
                      other === kind ? event.target.checked : policy.on.includes(other),
                    ),
                  )
                }
              />
              {FAILURE_WORDS[kind].label}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  );
}
