import { fromPlain } from '@/lib/json/value';
import { createChance } from './chance';
import { customerOfAccount, customerOfId, TIERS } from './customers';
import {
  flag,
  instant,
  listOf,
  number,
  type Output,
  object,
  orNull,
  type Question,
  readNumber,
  readText,
  type SimulatedDefinition,
  text,
  toOutput,
  whole,
} from './simulated-definition';

type Declared = Pick<SimulatedDefinition, 'id' | 'name' | 'description' | 'effect' | 'latencyMs'> & {
  readonly input: ReturnType<typeof object>;
  readonly output: ReturnType<typeof object>;
  readonly isDeferred?: boolean;
  readonly answer: (question: Question) => Output;
};

const define = ({ input, output, answer, isDeferred = false, ...rest }: Declared): SimulatedDefinition => ({
  ...rest,
  isDeferred,
  inputSchema: fromPlain(input),
  outputSchema: fromPlain(output),
  answer: (question) => toOutput(answer(question)),
});

const customerId = text('Id of the customer, as the customer lookup gives it.', 'CUST-12345', { minLength: 1 });
const SENTIMENTS = ['negative', 'neutral', 'positive'] as const;
const CHANNELS = ['voice', 'chat', 'email', 'sms'] as const;

/** The first three are the tutorial's, so its mapping runs as it stands. */
export const SIMULATED_DEFINITIONS: readonly SimulatedDefinition[] = [
  define({
    id: 'your-definition-id-1',
    name: 'Customer lookup',
    description: 'Finds the customer behind an account number.',
    effect: 'read',
    latencyMs: [120, 320],
    input: object({ account_id: text('Account number, as the caller enters it.', '12345', { minLength: 1 }) }),
    output: object({
      customer_id: customerId,
      account_id: text('The account number that was asked for.', '12345'),
      name: text('Full name.', 'Ada Adler'),
      given_name: text('First name, for greetings.', 'Ada'),
      tier: text('Service level.', 'gold', { enum: TIERS }),
      email: text('Address for written contact.', 'ada.adler@example.com', { format: 'email' }),
      phone: orNull(text('Number in E.164 form; null when the customer gave none.', '+12065550123')),
      language: text('Preferred language, as a BCP 47 tag.', 'en-US'),
      address: object({
        city: text('City.', 'Seattle'),
        country: text('Two-letter country code.', 'US'),
      }),
      balance: number('Open balance in the account’s currency; two decimals.', 128.5),
      preferred_channels: listOf(
        'Channels in the order the customer prefers.',
        text('A channel.', 'chat', { enum: CHANNELS }),
      ),
      customer_since: instant('When the account was opened.'),
    }),
    answer: ({ inputs, chance, seed }) => {
      const customer = customerOfAccount(seed, readText(inputs, 'account_id'));
      const first = chance.pick(CHANNELS);
      return {
        customer_id: customer.customerId,
        account_id: customer.accountId,
        name: customer.name,
        given_name: customer.givenName,
        tier: customer.tier,
        email: customer.email,
        phone: chance.isHit(0.1) ? null : customer.phone,
        language: customer.language,
        address: { city: customer.city, country: customer.country },
        balance: chance.decimal(0, 900, 2),
        preferred_channels: [first, chance.pick(CHANNELS.filter((channel) => channel !== first))],
        customer_since: chance.instant(),
      };
    },
  }),
  define({
    id: 'your-definition-id-2',
    name: 'Customer enrichment',
    description:
      'Adds recent contacts, mood and a score to a customer, and opens the record that later steps write to.',
    effect: 'read',
    latencyMs: [200, 520],
    input: object({ customer_id: customerId }),
    output: object({
      record_id: text('Id of the CRM record of this customer.', 'REC-48213'),
      customer_id: customerId,
      sentiment: text('Mood over the last contacts.', 'neutral', { enum: SENTIMENTS }),
      score: number('Likelihood to stay, from 0 to 1, two decimals.', 0.82, { minimum: 0, maximum: 1 }),
      segment: text('Marketing segment.', 'loyal', { enum: ['new', 'loyal', 'at_risk', 'dormant'] }),
      tags: listOf('Labels that agents gave.', text('A label.', 'billing')),
      last_contact: object(
        {
          channel: text('How the customer came in.', 'chat', { enum: CHANNELS }),
          at: instant('When the contact ended.'),
          agent: orNull(text('Who handled it; null when self-service did.', 'Hugo Ito')),
        },
        { description: 'The latest contact.' },
      ),
      recent_orders: listOf(
        'Up to three orders, newest first.',
        object({
          order_id: text('Id of the order.', 'ORD-7712'),
          total: number('Sum in the account’s currency; two decimals.', 59.9),
          status: text('Where the order is.', 'shipped', { enum: ['open', 'shipped', 'delivered', 'returned'] }),
        }),
      ),
    }),
    answer: ({ inputs, chance }) => ({
      record_id: `REC-${chance.digits(5)}`,
      customer_id: readText(inputs, 'customer_id'),
      sentiment: chance.pick(SENTIMENTS),
      score: chance.decimal(0, 1, 2),
      segment: chance.pick(['new', 'loyal', 'at_risk', 'dormant']),
      tags: [chance.pick(['billing', 'delivery']), chance.pick(['vip', 'survey', 'callback'])],
      last_contact: {
        channel: chance.pick(CHANNELS),
        at: chance.instant(),
        agent: chance.isHit(0.2) ? null : chance.pick(AGENTS),
      },
      recent_orders: Array.from({ length: chance.whole(1, 3) }, () => ({
        order_id: `ORD-${chance.digits(4)}`,
        total: chance.decimal(10, 400, 2),
        status: chance.pick(['open', 'shipped', 'delivered', 'returned']),
      })),
    }),
  }),
  define({
    id: 'your-definition-id-3',
    name: 'CRM update',
    description: 'Writes a status, and optionally a note, to a CRM record.',
    effect: 'write',
    latencyMs: [160, 420],
    input: object(
      {
        record_id: text('Id of the record, as the enrichment gives it.', 'REC-48213', { minLength: 1 }),
        status: text('What the record is set to.', 'processed', { minLength: 1 }),
        note: orNull(text('Free text for the record’s history.', 'Called back at 10:30.')),
      },
      { optional: ['note'] },
    ),
    output: object({
      updated: flag('Whether anything was written.'),
      record_id: text('The record that was written.', 'REC-48213'),
      status: text('The status that stands there now.', 'processed'),
      previous_status: text('The status before.', 'open'),
      version: whole('Counts the writes to this record.', 7),
      updated_at: instant('When it was written.'),
    }),
    answer: ({ inputs, chance }) => ({
      updated: true,
      record_id: readText(inputs, 'record_id'),
      status: readText(inputs, 'status'),
      previous_status: chance.pick(['new', 'open', 'waiting']),
      version: chance.whole(2, 40),
      updated_at: chance.instant(),
    }),
  }),
  define({
    id: 'order-history',
    name: 'Order history',
    description: 'Lists the orders of a customer, newest first.',
    effect: 'read',
    latencyMs: [180, 480],
    input: object(
      { customer_id: customerId, limit: whole('How many orders at most.', 5, { minimum: 1, maximum: 20, default: 5 }) },
      { optional: ['limit'] },
    ),
    output: object({
      orders: listOf(
        'The orders.',
        object({
          order_id: text('Id of the order.', 'ORD-7712'),
          placed_at: instant('When it was placed.'),
          total: number('Sum, two decimals.', 59.9),
          currency: text('ISO 4217 code.', 'EUR'),
          status: text('Where the order is.', 'shipped', { enum: ['open', 'shipped', 'delivered', 'returned'] }),
          items: listOf(
            'What was ordered.',
            object({ sku: text('Article number.', 'SKU-118'), quantity: whole('Pieces.', 2) }),
          ),
          tracking_number: orNull(text('Null until the parcel leaves.', 'TRK900123')),
        }),
      ),
      total_count: whole('How many orders there are in all.', 12),
    }),
    answer: ({ inputs, chance }) => {
      const orders = Array.from({ length: Math.min(readNumber(inputs, 'limit', 5), chance.whole(1, 8)) }, () => {
        const status = chance.pick(['open', 'shipped', 'delivered', 'returned']);
        return {
          order_id: `ORD-${chance.digits(4)}`,
          placed_at: chance.instant(),
          total: chance.decimal(5, 600, 2),
          currency: 'EUR',
          status,
          items: Array.from({ length: chance.whole(1, 3) }, () => ({
            sku: `SKU-${chance.digits(3)}`,
            quantity: chance.whole(1, 4),
          })),
          tracking_number: status === 'open' ? null : `TRK${chance.digits(6)}`,
        };
      });
      orders.sort((a, b) => (a.placed_at < b.placed_at ? 1 : -1));
      return { orders, total_count: orders.length + chance.whole(0, 10) };
    },
  }),
  define({
    id: 'sentiment-analysis',
    name: 'Sentiment analysis',
    description: 'Judges the mood of a message and names what it is about.',
    effect: 'read',
    latencyMs: [240, 560],
    input: object(
      {
        message: text('What the customer wrote or said.', 'My parcel has not arrived, and nobody answers.', {
          minLength: 1,
        }),
        language: text('BCP 47 tag of the message.', 'en-US', { default: 'en-US' }),
      },
      { optional: ['language'] },
    ),
    output: object({
      sentiment: text('The mood.', 'negative', { enum: SENTIMENTS }),
      score: number('From -1 (angry) to 1 (delighted), two decimals.', -0.62, { minimum: -1, maximum: 1 }),
      topics: listOf('What the message is about.', text('A topic.', 'delivery')),
      is_urgent: flag('Whether a person should look at it soon.'),
    }),
    answer: ({ inputs, chance }) => {
      const message = readText(inputs, 'message').toLowerCase();
      const isBad = BAD_WORDS.some((word) => message.includes(word));
      const isGood = !isBad && GOOD_WORDS.some((word) => message.includes(word));
      const topics = [...TOPIC_BY_WORD].filter(([word]) => message.includes(word)).map(([, topic]) => topic);
      return {
        sentiment: isBad ? 'negative' : isGood ? 'positive' : 'neutral',
        score: isBad ? chance.decimal(-1, -0.4, 2) : isGood ? chance.decimal(0.4, 1, 2) : chance.decimal(-0.3, 0.3, 2),
        topics: topics.length > 0 ? [...new Set(topics)] : ['general'],
        is_urgent: isBad && chance.isHit(0.6),
      };
    },
  }),
  define({
    id: 'appointment-slots',
    name: 'Appointment slots',
    description: 'Offers free appointments of a service on a day.',
    effect: 'read',
    latencyMs: [150, 400],
    input: object(
      {
        service: text('What the appointment is for.', 'installation', {
          enum: ['installation', 'repair', 'consultation'],
        }),
        date: text('The day, as YYYY-MM-DD.', '2025-06-12', { format: 'date' }),
        postal_code: text('Where the visit would be.', '98101'),
      },
      { optional: ['postal_code'] },
    ),
    output: object({
      slots: listOf(
        'Free slots in order of time; may be empty.',
        object({
          slot_id: text('Id to book the slot by.', 'SLOT-20250612-09'),
          starts_at: instant('Start.'),
          ends_at: instant('End.'),
          technician: orNull(text('Who would come; null while unassigned.', 'Grace Okafor')),
        }),
      ),
      next_date: orNull(text('The next day with free slots when this one has none.', '2025-06-13', { format: 'date' })),
    }),
    answer: ({ inputs, chance }) => {
      const date = readText(inputs, 'date');
      const hours = [9, 11, 13, 15].filter(() => chance.isHit(0.6));
      return {
        slots: hours.map((hour) => ({
          slot_id: `SLOT-${date.replaceAll('-', '')}-${String(hour).padStart(2, '0')}`,
          starts_at: `${date}T${String(hour).padStart(2, '0')}:00:00Z`,
          ends_at: `${date}T${hour + 2}:00:00Z`,
          technician: chance.isHit(0.3) ? null : chance.pick(AGENTS),
        })),
        next_date: hours.length > 0 ? null : dayAfter(date),
      };
    },
  }),
  define({
    id: 'send-sms',
    name: 'Send SMS',
    description: 'Sends a text message to a phone number.',
    effect: 'write',
    latencyMs: [80, 260],
    input: object({
      to: text('Number in E.164 form.', '+12065550123', { minLength: 5 }),
      message: text('What to send; up to 1,600 characters.', 'Your parcel is on its way.', {
        minLength: 1,
        maxLength: 1600,
      }),
    }),
    output: object({
      message_id: text('Id of the message.', 'SMS-90210'),
      to: text('The number it went to.', '+12065550123'),
      segments: whole('How many text messages it took.', 1),
      accepted: flag('Whether the carrier took it.'),
      sent_at: instant('When it left.'),
    }),
    answer: ({ inputs, chance }) => ({
      message_id: `SMS-${chance.digits(6)}`,
      to: readText(inputs, 'to'),
      segments: Math.max(1, Math.ceil(readText(inputs, 'message').length / 160)),
      accepted: true,
      sent_at: chance.instant(),
    }),
  }),
  define({
    id: 'schedule-callback',
    name: 'Schedule callback',
    description: 'Puts a callback into a queue.',
    effect: 'write',
    latencyMs: [140, 360],
    input: object(
      {
        customer_id: customerId,
        phone: text('Number in E.164 form.', '+12065550123'),
        queue: text('The queue that calls back.', 'billing'),
        priority: whole('1 is called first, 10 last.', 5, { minimum: 1, maximum: 10, default: 5 }),
      },
      { optional: ['queue', 'priority'] },
    ),
    output: object({
      callback_id: text('Id of the callback.', 'CB-55120'),
      queue: text('The queue it stands in.', 'billing'),
      position: whole('Place in the queue, from 1.', 4),
      expected_at: instant('When the customer will be called.'),
    }),
    answer: ({ inputs, chance }) => ({
      callback_id: `CB-${chance.digits(5)}`,
      queue: readText(inputs, 'queue', 'general'),
      position: chance.whole(1, 12),
      expected_at: chance.instant(),
    }),
  }),
  define({
    id: 'queue-statistics',
    name: 'Queue statistics',
    description: 'Tells how busy a queue is right now.',
    effect: 'read',
    latencyMs: [80, 200],
    input: object({ queue: text('Name of the queue.', 'billing', { minLength: 1 }) }),
    output: object({
      queue: text('Name of the queue.', 'billing'),
      waiting: whole('Contacts that wait.', 7),
      longest_wait_sec: whole('The longest of them, in seconds.', 184),
      agents: object({
        available: whole('Free agents.', 3),
        busy: whole('Agents in a contact.', 11),
        away: whole('Agents on a break.', 2),
      }),
      service_level: number('Share answered in time, from 0 to 1, three decimals.', 0.912, { minimum: 0, maximum: 1 }),
    }),
    answer: ({ inputs, chance }) => ({
      queue: readText(inputs, 'queue'),
      waiting: chance.whole(0, 30),
      longest_wait_sec: chance.whole(0, 600),
      agents: { available: chance.whole(0, 8), busy: chance.whole(2, 20), away: chance.whole(0, 5) },
      service_level: chance.decimal(0.6, 1, 3),
    }),
  }),
  define({
    id: 'agent-availability',
    name: 'Agent availability',
    description: 'Finds agents with a skill who can take a contact now.',
    effect: 'read',
    latencyMs: [90, 240],
    input: object(
      {
        skill: text('The skill that is needed.', 'billing', { minLength: 1 }),
        language: orNull(text('BCP 47 tag; null for any language.', 'de-DE')),
      },
      { optional: ['language'] },
    ),
    output: object({
      agents: listOf(
        'Free agents, best match first; may be empty.',
        object({
          agent_id: text('Id of the agent.', 'AGT-301'),
          name: text('Name of the agent.', 'Grace Okafor'),
          proficiency: whole('How well the agent knows the skill, from 1 to 5.', 4, { minimum: 1, maximum: 5 }),
        }),
      ),
      best_agent_id: orNull(text('The first of the list; null when nobody is free.', 'AGT-301')),
    }),
    answer: ({ chance }) => {
      const agents = AGENTS.filter(() => chance.isHit(0.5)).map((name) => ({
        agent_id: `AGT-${chance.digits(3)}`,
        name,
        proficiency: chance.whole(1, 5),
      }));
      agents.sort((a, b) => b.proficiency - a.proficiency);
      return { agents, best_agent_id: agents[0]?.agent_id ?? null };
    },
  }),
  define({
    id: 'knowledge-search',
    name: 'Knowledge search',
    description: 'Searches the knowledge base for articles.',
    effect: 'read',
    latencyMs: [160, 440],
    input: object(
      {
        query: text('What to look for.', 'refund after 30 days', { minLength: 1 }),
        limit: whole('How many articles at most.', 3, { minimum: 1, maximum: 10, default: 3 }),
      },
      { optional: ['limit'] },
    ),
    output: object({
      articles: listOf(
        'Best match first.',
        object({
          article_id: text('Id of the article.', 'KB-204'),
          title: text('Title.', 'Refunds and returns'),
          excerpt: text('The passage that fits.', 'A refund is possible within 30 days.'),
          relevance: number('From 0 to 1, two decimals.', 0.91, { minimum: 0, maximum: 1 }),
          url: text('Where to read it.', 'https://kb.example.com/KB-204', { format: 'uri' }),
        }),
      ),
      total_count: whole('How many articles fit.', 8),
    }),
    answer: ({ inputs, chance }) => {
      const query = readText(inputs, 'query');
      const articles = Array.from({ length: readNumber(inputs, 'limit', 3) }, () => {
        const id = `KB-${chance.digits(3)}`;
        return {
          article_id: id,
          title: chance.pick(ARTICLE_TITLES),
          excerpt: `About “${query}”: ${chance.pick(ARTICLE_EXCERPTS)}`,
          relevance: chance.decimal(0.4, 1, 2),
          url: `https://kb.example.com/${id}`,
        };
      });
      articles.sort((a, b) => b.relevance.toNumber() - a.relevance.toNumber());
      return { articles, total_count: articles.length + chance.whole(0, 9) };
    },
  }),
  define({
    id: 'create-ticket',
    name: 'Create ticket',
    description: 'Opens a ticket for a customer.',
    effect: 'write',
    latencyMs: [180, 460],
    input: object(
      {
        customer_id: customerId,
        subject: text('One line.', 'Parcel not delivered', { minLength: 1, maxLength: 200 }),
        description: text('The whole story.', 'Tracking stands still since Monday.'),
        priority: text('How soon it must be looked at.', 'normal', {
          enum: ['low', 'normal', 'high', 'urgent'],
          default: 'normal',
        }),
        tags: listOf('Labels.', text('A label.', 'delivery')),
      },
      { optional: ['description', 'priority', 'tags'] },
    ),
    output: object({
      ticket_id: text('Id of the ticket.', 'TCK-88412'),
      status: text('Where it stands.', 'open'),
      priority: text('As it was taken.', 'normal'),
      assigned_group: text('Who looks at it.', 'Delivery'),
      url: text('Where to see it.', 'https://tickets.example.com/TCK-88412', { format: 'uri' }),
      created_at: instant('When it was opened.'),
    }),
    answer: ({ inputs, chance }) => {
      const id = `TCK-${chance.digits(5)}`;
      return {
        ticket_id: id,
        status: 'open',
        priority: readText(inputs, 'priority', 'normal'),
        assigned_group: chance.pick(['Delivery', 'Billing', 'Technical support']),
        url: `https://tickets.example.com/${id}`,
        created_at: chance.instant(),
      };
    },
  }),
  define({
    id: 'next-best-action',
    name: 'Next best action',
    description: 'Suggests what to offer a customer, from mood and score.',
    effect: 'read',
    latencyMs: [220, 600],
    input: object(
      {
        customer_id: customerId,
        sentiment: text('Mood of the customer.', 'neutral', { enum: SENTIMENTS }),
        score: number('Likelihood to stay, from 0 to 1.', 0.82, { minimum: 0, maximum: 1 }),
      },
      { optional: ['score'] },
    ),
    output: object({
      action: text('What to do.', 'offer_discount', {
        enum: ['offer_discount', 'schedule_callback', 'thank_you', 'escalate'],
      }),
      confidence: number('From 0 to 1, two decimals.', 0.77, { minimum: 0, maximum: 1 }),
      greeting: text('How to begin, in the customer’s name.', 'Hello Ada'),
      offer: orNull({
        ...object({ code: text('Code to enter.', 'STAY-10'), percent: whole('Discount in per cent.', 10) }),
        description: 'Null when there is nothing to offer.',
      }),
    }),
    answer: ({ inputs, chance, seed }) => {
      const isUnhappy = readText(inputs, 'sentiment') === 'negative';
      const mayLeave = readNumber(inputs, 'score', 0.5) < 0.4;
      const action =
        isUnhappy && mayLeave
          ? 'escalate'
          : isUnhappy
            ? 'schedule_callback'
            : mayLeave
              ? 'offer_discount'
              : 'thank_you';
      const percent = chance.pick([5, 10, 15]);
      return {
        action,
        confidence: chance.decimal(0.5, 1, 2),
        greeting: `Hello ${customerOfId(seed, readText(inputs, 'customer_id')).givenName}`,
        offer: action === 'offer_discount' ? { code: `STAY-${percent}`, percent } : null,
      };
    },
  }),
  define({
    id: 'interaction-summary',
    name: 'Interaction summary',
    description:
      'Summarises a finished contact. Takes a moment: the call is accepted first and the summary fetched later.',
    effect: 'read',
    latencyMs: [400, 600],
    isDeferred: true,
    input: object({ interaction_id: text('Id of the contact.', 'INT-2025-0099', { minLength: 1 }) }),
    output: object({
      interaction_id: text('Id of the contact.', 'INT-2025-0099'),
      summary: text('Two sentences.', 'The customer asked about a late parcel. A new delivery was arranged.'),
      outcome: text('How it ended.', 'resolved', { enum: ['resolved', 'follow_up', 'abandoned'] }),
      duration_sec: whole('Length of the contact in seconds.', 412),
    }),
    answer: ({ inputs, chance, seed }) => {
      const interactionId = readText(inputs, 'interaction_id');
      const outcome = createChance(seed, 'outcome', interactionId).pick(['resolved', 'follow_up', 'abandoned']);
      return {
        interaction_id: interactionId,
        summary: `The customer asked about ${chance.pick(['a late parcel', 'an invoice', 'a new contract'])}. ${ENDING_BY_OUTCOME.get(outcome)}`,
        outcome,
        duration_sec: chance.whole(45, 1800),
      };
    },
  }),
];

const AGENTS = ['Grace Okafor', 'Hugo Ito', 'Leila Castro', 'Jonas Baker'];
const BAD_WORDS = ['not ', 'nobody', 'never', 'angry', 'broken', 'cancel', 'late', 'wrong', 'bad'];
const GOOD_WORDS = ['thank', 'great', 'love', 'perfect', 'happy', 'good'];
const TOPIC_BY_WORD = new Map([
  ['parcel', 'delivery'],
  ['deliver', 'delivery'],
  ['invoice', 'billing'],
  ['bill', 'billing'],
  ['refund', 'billing'],
  ['broken', 'technical'],
  ['login', 'technical'],
  ['cancel', 'contract'],
]);
const ARTICLE_TITLES = [
  'Refunds and returns',
  'Track a parcel',
  'Change your address',
  'Read your invoice',
  'Cancel a contract',
];
const ARTICLE_EXCERPTS = [
  'it takes up to five working days.',
  'sign in and choose Help.',
  'an agent can do it for you.',
];
const ENDING_BY_OUTCOME = new Map([
  ['resolved', 'It was settled in the conversation.'],
  ['follow_up', 'A colleague will call back.'],
  ['abandoned', 'The customer left before an answer.'],
]);

/** The day after a date such as `2025-06-12`; the date itself when it is none. */
function dayAfter(date: string): string {
  const day = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(day) ? date : new Date(day + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
