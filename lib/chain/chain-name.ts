/** What a chain is called where its name is shown; a chain need not have one. */
export const shownChainName = (name: string | undefined): string =>
  name === undefined || name.trim() === '' ? 'Unnamed chain' : name;
