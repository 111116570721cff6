import type { SimulatorFault } from '@/lib/protocol/api';

/** What goes wrong, by definition id. A fault with `times` heals itself after that many calls. */
export interface Faults {
  readonly set: (definitionId: string, fault: SimulatorFault | null) => void;
  /** The faults in force, with what is left of `times`. */
  readonly list: () => ReadonlyMap<string, SimulatorFault>;
  /** The fault that the next call of the definition meets; using it up is part of taking it. */
  readonly take: (definitionId: string) => SimulatorFault | null;
}

export function createFaults(): Faults {
  const faultByDefinition = new Map<string, SimulatorFault>();
  return {
    set: (definitionId, fault) => {
      if (fault === null) faultByDefinition.delete(definitionId);
      else faultByDefinition.set(definitionId, fault);
    },
    list: () => new Map(faultByDefinition),
    take: (definitionId) => {
      const fault = faultByDefinition.get(definitionId) ?? null;
      if (fault?.times === undefined) return fault;
      if (fault.times > 1) faultByDefinition.set(definitionId, { ...fault, times: fault.times - 1 });
      else faultByDefinition.delete(definitionId);
      return fault;
    },
  };
}
