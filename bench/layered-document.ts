/** A document of `count` actions in layers of ten; each reads one field of the action above it. */
export function layeredDocument(count: number): string {
  const actions: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const above = `a${i - 10}`;
    actions[`a${i}`] = {
      definition_id: 'bench',
      depends_on: i < 10 ? [] : [above],
      inputs: { account_id: i < 10 ? '{{ input.account_id }}' : `{{ ${above}.customer_id }}` },
      effect: 'read',
    };
  }
  return JSON.stringify({ format: 'chainwright.chain/1', name: `Layers of ten, ${count}`, actions });
}
