import {
  Ban,
  Circle,
  CircleCheck,
  CircleDashed,
  CircleDotDashed,
  CircleSlash,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  Pin,
  RotateCw,
  TimerOff,
} from 'lucide-react';

interface Mark {
  readonly Icon: LucideIcon;
  readonly className: string;
}

/** One icon and one colour for each look; told apart without colour too. */
const MARKS = {
  idle: { Icon: Circle, className: 'text-status-idle' },
  queued: { Icon: CircleDashed, className: 'text-status-queued' },
  running: {
    Icon: LoaderCircle,
    className: 'text-status-running motion-safe:animate-spin motion-safe:[animation-duration:1.5s]',
  },
  waiting: {
    Icon: CircleDotDashed,
    className: 'text-status-waiting motion-safe:animate-spin motion-safe:[animation-duration:6s]',
  },
  completed: { Icon: CircleCheck, className: 'text-status-completed' },
  recovered: { Icon: RotateCw, className: 'text-status-recovered' },
  failed: { Icon: CircleX, className: 'text-status-failed' },
  'timed-out': { Icon: TimerOff, className: 'text-status-timed-out' },
  skipped: { Icon: CircleSlash, className: 'text-status-skipped' },
  cancelled: { Icon: Ban, className: 'text-status-cancelled' },
  pinned: { Icon: Pin, className: 'text-status-pinned' },
} as const satisfies Record<string, Mark>;

export type MarkLook = keyof typeof MARKS;

export interface StatusMarkProps {
  readonly look: MarkLook;
  /** The accessible name; without it the mark is decoration beside words that say the same. */
  readonly label?: string;
  /** Edge length in pixels. */
  readonly size?: number;
  readonly className?: string;
}

/** The icon of a status in the colour of that status. */
export function StatusMark({ look, label, size = 16, className = '' }: StatusMarkProps) {
  const { Icon, className: colour } = MARKS[look];
  const naming = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <Icon size={size} strokeWidth={1.75} data-look={look} className={`shrink-0 ${colour} ${className}`} {...naming} />
  );
}
