export interface GroupMember {
  readonly signal: AbortSignal;
  /** Takes the member out; its signal is never aborted from then on. */
  readonly leave: () => void;
}

export interface AbortGroup {
  readonly isAborted: () => boolean;
  /** A signal of the caller's own, aborted already when the group is. */
  readonly join: () => GroupMember;
  readonly abort: () => void;
}

/**
 * Many signals that one call aborts. One signal for all would gather a listener per waiting operation, and beyond ten of
 * those Node warns of a leak on stderr; `AbortSignal.any` keeps its members alive as long as their source.
 */
export function createAbortGroup(): AbortGroup {
  const members = new Set<AbortController>();
  let isAborted = false;
  return {
    isAborted: () => isAborted,
    join: () => {
      const member = new AbortController();
      if (isAborted) member.abort();
      else members.add(member);
      return { signal: member.signal, leave: () => void members.delete(member) };
    },
    abort: () => {
      isAborted = true;
      const aborted = [...members];
      members.clear();
      for (const member of aborted) member.abort();
    },
  };
}
