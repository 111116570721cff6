import type { Action, Settings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Sidecar } from '@/lib/chain/workbench';
import type { JsonPath } from '@/lib/json/pointer';
import type { JsonValue } from '@/lib/json/value';

/** What a person can do to a workbench, as data. `apply-edit` is the only way that one changes. */
export type Edit =
  | { readonly type: 'add-action'; readonly id: ActionId; readonly action: Action; readonly at: CardLayout }
  /** With `healEdges`, what depended on a deleted action then depends on what that action depended on. */
  | { readonly type: 'delete-actions'; readonly ids: readonly ActionId[]; readonly healEdges: boolean }
  | { readonly type: 'move-cards'; readonly positions: ReadonlyMap<ActionId, CardLayout> }
  /** `to` depends on `from`. Refused when it would close a cycle. */
  | { readonly type: 'connect'; readonly from: ActionId; readonly to: ActionId }
  | { readonly type: 'disconnect'; readonly edges: readonly { readonly from: ActionId; readonly to: ActionId }[] }
  /** Path below `inputs`; an undefined value takes the input out. An empty path replaces all inputs. */
  | {
      readonly type: 'set-input';
      readonly id: ActionId;
      readonly path: JsonPath;
      readonly value: JsonValue | undefined;
    }
  /** Keys of `patch` replace the action's; a key whose value is undefined is taken out. */
  | { readonly type: 'patch-action'; readonly id: ActionId; readonly patch: ActionPatch }
  /** Rewrites `depends_on`, template references, and everything beside the chain that is keyed by the id. */
  | { readonly type: 'rename-action'; readonly from: ActionId; readonly to: ActionId }
  | { readonly type: 'patch-chain'; readonly patch: ChainPatch }
  | { readonly type: 'set-sample-input'; readonly name: string; readonly value: JsonValue | undefined }
  | { readonly type: 'choose-sample-input'; readonly name: string | null }
  | { readonly type: 'choose-connection'; readonly connectionId: string | null }
  | { readonly type: 'set-pin'; readonly id: ActionId; readonly output: JsonValue | undefined }
  | { readonly type: 'allow-literal'; readonly pointer: string }
  /** Replaces everything beside the chain but the connection. Entries about actions that the chain lacks are kept. */
  | { readonly type: 'apply-sidecar'; readonly sidecar: Sidecar }
  /** All or none; one step of undo. */
  | { readonly type: 'batch'; readonly edits: readonly Edit[] };

/** Keys that may be absent, each given as undefined when it is to be taken out. */
type Patch<T, Keys extends keyof T> = { readonly [Key in Keys]?: T[Key] | undefined };

export type ActionPatch = Patch<Action, Exclude<keyof Action, 'depends_on' | 'inputs' | 'extra'>>;
export type ChainPatch = {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly inputs?: JsonValue | undefined;
  readonly settings?: Settings | undefined;
};

/** Why an edit cannot be applied; `message` is a sentence for a person. */
export type EditRefusal =
  | { readonly type: 'unknown-action'; readonly id: ActionId; readonly message: string }
  | { readonly type: 'bad-id'; readonly message: string }
  | { readonly type: 'id-taken'; readonly id: ActionId; readonly message: string }
  | { readonly type: 'duplicate-edge'; readonly message: string }
  | { readonly type: 'no-such-edge'; readonly message: string }
  /** `path` leads from the edge's target back to its source: the edge would close it to a cycle. */
  | { readonly type: 'would-cycle'; readonly path: readonly ActionId[]; readonly message: string }
  | { readonly type: 'no-such-place'; readonly message: string }
  | { readonly type: 'limit'; readonly message: string };
