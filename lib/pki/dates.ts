const DAY = 86_400_000;

/** Certificates count in seconds; what is read back must be what was written. */
export function toSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** `2026-03-01T10:00:00Z` */
export function isoSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}

export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** Whole days from now until then; negative once it is past. */
export function daysUntil(then: Date, now: Date): number {
  return Math.floor((then.getTime() - now.getTime()) / DAY);
}

interface Lifetime {
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Whether a certificate is to be renewed now. */
export function isDue(lifetime: Lifetime, renewBeforeDays: number, now: Date): boolean {
  return now > dueFrom(lifetime, renewBeforeDays);
}

/** After when a certificate is to be renewed. One that lives shorter than that time is due in the second half of its life. */
export function dueFrom({ notBefore, notAfter }: Lifetime, renewBeforeDays: number): Date {
  const end = new Date(notAfter).getTime();
  const half = (end - new Date(notBefore).getTime()) / 2;
  return new Date(end - Math.min(renewBeforeDays * DAY, half));
}
