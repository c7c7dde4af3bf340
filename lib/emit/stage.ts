import { attempt, folderOf, type Disk, type DistResult } from './disk.ts';
import { hashText } from './index-file.ts';
import type { Step, Workplace } from './journal.ts';
import { beginSurvey, ownerSurvey, surveyOwner, type OwnerFiles, type OwnerSurvey, type Put, type Survey } from './survey.ts';

/** An owner whose changed files lie in the staging folder. Plain data: a thread hands it to the one that holds the session. */
export interface StagedOwner extends OwnerSurvey {
  readonly steps: readonly Step[];
}

/** An owner that was compared with `dist/`, and what differs. */
export interface ComparedOwner extends OwnerSurvey {
  readonly differences: readonly Difference[];
}

/** One file that is not as it is wanted. */
export interface Difference {
  readonly path: string;
  readonly state: 'missing' | 'changed' | 'edited' | 'foreign';
}

/**
 * Compares an owner's files with `dist/` and writes those that differ into the staging folder. It looks at the owner
 * alone, so threads may work side by side.
 */
export function stageOwner(disk: Disk, at: Workplace, owned: OwnerFiles): DistResult<StagedOwner> {
  return attempt(at.root, () => {
    const survey = beginSurvey(disk, at.dist);
    const puts = surveyOwner(survey, owned);
    const steps = survey.errors.length > 0 ? [] : stagePuts(disk, at, puts);
    return { ...ownerSurvey(survey, owned.owner), steps };
  });
}

function stagePuts(disk: Disk, at: Workplace, puts: readonly Put[]): Step[] {
  const folders = new Set(puts.map(({ file }) => folderOf(file.path)));
  for (const folder of folders) disk.mkdirSync(`${at.staging}/${folder}`, { recursive: true });
  for (const { file } of puts) disk.writeFileSync(`${at.staging}/${file.path}`, file.text);
  return puts.map(({ file, replaces }) => ({ path: file.path, change: replaces ? 'replace' : 'add' }));
}

/** Compares an owner's files with `dist/`, and writes nothing. */
export function compareOwner(disk: Disk, at: Workplace, owned: OwnerFiles): DistResult<ComparedOwner> {
  return attempt(at.root, () => {
    const survey = beginSurvey(disk, at.dist);
    const differences = surveyOwner(survey, owned).map((put) => omitText(survey, put));
    return { ...ownerSurvey(survey, owned.owner), differences };
  });
}

/** Forgets the text and keeps what is to say about the file. */
function omitText(survey: Survey, { file, replaces }: Put): Difference {
  if (!replaces) return { path: file.path, state: 'missing' };
  const written = survey.previous.get(survey.wanted.get(file.path) ?? '')?.get(file.path);
  if (written === undefined) return { path: file.path, state: survey.wanted.has(file.path) ? 'foreign' : 'changed' };
  const found = hashText(survey.disk.readFileSync(`${survey.dist}/${file.path}`));
  return { path: file.path, state: found === written ? 'changed' : 'edited' };
}
