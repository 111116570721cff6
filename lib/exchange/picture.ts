import { shownChainName } from '@/lib/chain/chain-name';
import type { ActionId } from '@/lib/chain/ids';
import type { CardLayout, Workbench } from '@/lib/chain/workbench';
import { type KnownDefinitions, NOTHING_KNOWN } from '@/lib/problems/draft';
import { placeInColumns } from './card-columns';
import { type DrawnEdge, type DrawnNode, drawingOf, toDrawableText } from './drawing';
import { curvePath, edgeCurve, HANDLE_Y } from './edge-curve';
import { toFileStem } from './file-stem';

export interface PictureRequest {
  readonly theme: 'light' | 'dark';
  /** Where the canvas has its cards; the others lie in columns below them. */
  readonly positions: ReadonlyMap<ActionId, CardLayout>;
  /** For the names of definitions; their ids stand where none are known. */
  readonly known?: KnownDefinitions;
}

export interface Picture {
  readonly fileName: string;
  readonly mediaType: 'image/svg+xml';
  /** One SVG that stands alone: no font, style sheet or picture from elsewhere, and no script. */
  readonly text: string;
}

/**
 * The chain as the canvas shows it, without what a run or a selection adds: cards with id, label and definition, edges
 * solid where they carry data and dashed where they only order. In pixels of the canvas at zoom 1, as large as its
 * content. Sticky notes are not drawn.
 */
export function drawChain(workbench: Workbench, request: PictureRequest): Picture {
  const { chain } = workbench;
  const { nodes, edges } = drawingOf(chain, request.known ?? NOTHING_KNOWN);
  const positions = placeAll(workbench, nodes, request.positions);
  const palette = PALETTES[request.theme];
  const left = Math.min(0, ...extremes(positions, ({ x }) => x, Math.min)) - MARGIN;
  const upper = Math.min(0, ...extremes(positions, ({ y }) => y, Math.min)) - MARGIN;
  const right = Math.max(0, ...extremes(positions, ({ x }) => x + CARD_WIDTH, Math.max)) + MARGIN;
  const heightById = new Map(nodes.map((node) => [node.id, heightOf(node)]));
  const lower = Math.max(0, ...extremes(positions, ({ y }, id) => y + heightById.get(id)!, Math.max)) + MARGIN;
  const [width, height] = [round(right - left), round(lower - upper)];
  const name = shownChainName(chain.name);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${round(left)} ${round(upper)} ${width} ${height}" role="img" font-family="Inter, ui-sans-serif, system-ui, sans-serif">`,
    `<title>${escapeXml(name)}</title>`,
    `<rect x="${round(left)}" y="${round(upper)}" width="${width}" height="${height}" fill="${palette.canvas}"/>`,
    ...edges.map((edge) => drawEdge(edge, positions, palette)),
    ...nodes.map((node) => drawCard(node, positions.get(node.id)!, palette)),
    '</svg>',
  ];
  return {
    fileName: `${toFileStem(chain.name ?? '')}.svg`,
    mediaType: 'image/svg+xml',
    text: `${parts.join('\n')}\n`,
  };
}

/** Measures of the canvas. */
const CARD_WIDTH = 256;
const CARD_HEIGHT = 64;
/** With a row of chips. */
const TALL_CARD_HEIGHT = 89;
const MARGIN = 32;
const RADIUS = 10;

interface Palette {
  readonly canvas: string;
  readonly card: string;
  readonly dimmedCard: string;
  readonly line: string;
  readonly handle: string;
  readonly edge: string;
  readonly text: string;
  readonly mutedText: string;
  readonly accent: string;
  readonly danger: string;
  readonly dangerSoft: string;
}

/** The canvas's tokens, written out: a file has no style sheet to ask. */
const PALETTES = {
  light: {
    canvas: '#f8fafc',
    card: '#ffffff',
    dimmedCard: '#f1f5f9',
    line: '#cbd5e1',
    handle: '#94a3b8',
    edge: '#94a3b8',
    text: '#0f172a',
    mutedText: '#475569',
    accent: '#1d4ed8',
    danger: '#b91c1c',
    dangerSoft: '#fef2f2',
  },
  dark: {
    canvas: '#0f1115',
    card: '#1a1d23',
    dimmedCard: '#101318',
    line: '#3a414d',
    handle: '#5b6472',
    edge: '#5b6472',
    text: '#eceff4',
    mutedText: '#b3bcc9',
    accent: '#8ab3fc',
    danger: '#f87171',
    dangerSoft: '#2a1719',
  },
} as const satisfies Record<PictureRequest['theme'], Palette>;

type Positions = ReadonlyMap<ActionId, CardLayout>;

/** Every node has a place: the canvas's, or a column below all that the canvas placed. */
function placeAll({ chain, layout }: Workbench, nodes: readonly DrawnNode[], given: Positions): Positions {
  const positions = new Map<ActionId, CardLayout>();
  for (const { id } of nodes) {
    const place = given.get(id) ?? layout.get(id);
    if (place !== undefined) positions.set(id, place);
  }
  if (positions.size === nodes.length) return positions;
  const [lowest] = extremes(positions, ({ y }) => y, Math.max);
  const columns = placeInColumns(chain, lowest === undefined ? 0 : lowest + TALL_CARD_HEIGHT + MARGIN);
  for (const { id } of nodes) if (!positions.has(id)) positions.set(id, columns.get(id)!);
  return positions;
}

/** One number, or none for no positions: 10,000 arguments at once would overflow a call. */
function extremes(
  positions: Positions,
  measure: (place: CardLayout, id: ActionId) => number,
  choose: (a: number, b: number) => number,
): readonly number[] {
  let extreme: number | undefined;
  for (const [id, place] of positions) {
    extreme = extreme === undefined ? measure(place, id) : choose(extreme, measure(place, id));
  }
  return extreme === undefined ? [] : [extreme];
}

function drawEdge({ from, to, carriesData }: DrawnEdge, positions: Positions, palette: Palette): string {
  const [source, target] = [positions.get(from)!, positions.get(to)!];
  const start = { x: source.x + CARD_WIDTH, y: source.y + HANDLE_Y };
  const path = curvePath(edgeCurve(start, { x: target.x, y: target.y + HANDLE_Y }));
  const dash = carriesData ? '' : ' stroke-dasharray="5 5"';
  return `<path d="${path}" fill="none" stroke="${palette.edge}" stroke-width="1.75"${dash}/>`;
}

function drawCard(node: DrawnNode, { x, y }: CardLayout, palette: Palette): string {
  const isGhost = node.type === 'ghost';
  const chips = isGhost ? [] : chipsOf(node);
  const isDisabled = !isGhost && node.action.disabled === true;
  const height = heightOf(node);
  const fill = isGhost ? palette.dangerSoft : isDisabled ? palette.dimmedCard : palette.card;
  const stroke = isGhost ? palette.danger : palette.line;
  const dash = isGhost || isDisabled ? ' stroke-dasharray="5 4"' : '';
  const titleFill = isGhost ? palette.danger : palette.text;
  const detailFill = isGhost ? palette.danger : palette.mutedText;
  const detail = isGhost ? 'missing action' : detailOf(node);
  return [
    `<g transform="translate(${point(x, y)})">`,
    `<rect width="${CARD_WIDTH}" height="${height}" rx="${RADIUS}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"${dash}/>`,
    `<circle cx="${CARD_WIDTH}" cy="${HANDLE_Y}" r="5" fill="${palette.card}" stroke="${palette.handle}" stroke-width="2"/>`,
    ...(isGhost
      ? []
      : [`<circle cx="0" cy="${HANDLE_Y}" r="5" fill="${palette.card}" stroke="${palette.handle}" stroke-width="2"/>`]),
    drawText(node.id, { y: 28, size: 13, fill: titleFill, isBold: true }),
    drawText(detail, { y: 49, size: 12, fill: detailFill, isBold: false }),
    ...(chips.length > 0
      ? [drawText(chips.join(' · '), { y: 73, size: 11, fill: palette.accent, isBold: false })]
      : []),
    '</g>',
  ].join('');
}

/** As drawn here: what a run adds to a card on the canvas takes no room. */
const heightOf = (node: DrawnNode): number =>
  node.type === 'action' && chipsOf(node).length > 0 ? TALL_CARD_HEIGHT : CARD_HEIGHT;

const detailOf = ({ action, definition }: Extract<DrawnNode, { type: 'action' }>): string =>
  action.label === undefined || action.label === '' ? definition : `${action.label} · ${definition}`;

/** What the policy says that a reader of the graph must know, as on the card. */
function chipsOf({ action }: Extract<DrawnNode, { type: 'action' }>): readonly string[] {
  return [
    ...(action.disabled === true ? ['disabled'] : []),
    ...(action.timeout_sec === undefined ? [] : [`timeout ${action.timeout_sec.text} s`]),
    ...(action.retry?.max_attempts === undefined ? [] : [`${action.retry.max_attempts.text} attempts`]),
    ...(action.when === undefined ? [] : ['condition']),
    ...(action.on_failure === 'fallback' ? ['fallback'] : []),
  ];
}

interface TextLook {
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  readonly isBold: boolean;
}

const TEXT_X = 16;
const TEXT_WIDTH = CARD_WIDTH - 2 * TEXT_X;

function drawText(text: string, { y, size, fill, isBold }: TextLook): string {
  const shown = fitText(toDrawableText(text), TEXT_WIDTH / size);
  const weight = isBold ? ' font-weight="600"' : '';
  return `<text x="${TEXT_X}" y="${y}" font-size="${size}"${weight} fill="${fill}">${escapeXml(shown)}</text>`;
}

/**
 * The text, or its beginning and `…`, so that it fits a width given in font sizes. Nobody can measure text here: wide
 * characters count as one, capitals and digits as two thirds, all others as 0.58, which is generous for common fonts.
 */
function fitText(text: string, widthEm: number): string {
  let width = 0;
  let shown = '';
  for (const { segment } of GRAPHEMES.segment(text)) {
    width +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
        segment,
      )
        ? 1
        : /^[\p{Lu}\p{N}mwMW@%&—…\uFFFD]/u.test(segment)
          ? 0.72
          : 0.58;
    if (width > widthEm - 0.72) return `${shown}…`;
    shown += segment;
  }
  return shown;
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

const XML_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const escapeXml = (text: string): string => toDrawableText(text).replace(/[&<>"']/g, (char) => XML_ESCAPES.get(char)!);

/** Hundredths of a pixel. */
const round = (value: number): number => Math.round(value * 100) / 100;
const point = (x: number, y: number): string => `${round(x)},${round(y)}`;
