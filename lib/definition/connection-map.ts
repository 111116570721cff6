/** Id in the document → id in the tenant. Ids that are the same on both sides need no entry. */
export type ConnectionMap = ReadonlyMap<string, string>;
