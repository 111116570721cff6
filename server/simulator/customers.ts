import { createChance } from './chance';

/** One simulated customer, the same in every definition that speaks of it. */
export interface Customer {
  readonly accountId: string;
  readonly customerId: string;
  readonly name: string;
  readonly givenName: string;
  readonly email: string;
  readonly phone: string;
  readonly tier: string;
  readonly language: string;
  readonly city: string;
  readonly country: string;
}

/** Every account exists. The customer's id carries the account's, so either finds the same person. */
export const customerOfAccount = (seed: string, accountId: string): Customer => buildCustomer(seed, accountId);

export const customerOfId = (seed: string, customerId: string): Customer =>
  buildCustomer(seed, customerId.replace(/^CUST-/, ''));

function buildCustomer(seed: string, accountId: string): Customer {
  const chance = createChance(seed, 'customer', accountId);
  const givenName = chance.pick(GIVEN_NAMES);
  const familyName = chance.pick(FAMILY_NAMES);
  const home = chance.pick(HOMES);
  return {
    accountId,
    customerId: `CUST-${accountId}`,
    name: `${givenName} ${familyName}`,
    givenName,
    email: `${givenName}.${familyName}@example.com`.toLowerCase(),
    phone: `${home.prefix}55501${chance.digits(2)}`,
    tier: chance.pick(TIERS),
    ...home.place,
  };
}

export const TIERS = ['bronze', 'silver', 'gold', 'platinum'] as const;

const GIVEN_NAMES = [
  'Ada',
  'Amara',
  'Bruno',
  'Chen',
  'Elena',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Leila',
  'Mateo',
];
const FAMILY_NAMES = [
  'Adler',
  'Baker',
  'Castro',
  'Dubois',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Hoffmann',
  'Ito',
  'Okafor',
];
const HOMES = [
  { prefix: '+1206', place: { language: 'en-US', city: 'Seattle', country: 'US' } },
  { prefix: '+4420', place: { language: 'en-GB', city: 'London', country: 'GB' } },
  { prefix: '+4930', place: { language: 'de-DE', city: 'Berlin', country: 'DE' } },
  { prefix: '+331', place: { language: 'fr-FR', city: 'Paris', country: 'FR' } },
  { prefix: '+3491', place: { language: 'es-ES', city: 'Madrid', country: 'ES' } },
];
