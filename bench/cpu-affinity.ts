/** Which processor a program runs on. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Keeps programs on the first of several processors, so that what is measured always has another one. Left alone,
 * programs that wait for each other may stay for seconds on one processor or on two, and only that would be measured.
 * Does nothing where there is no `taskset` (it comes with Linux).
 */
export function keepOnFirstProcessor(...pids: readonly (number | undefined)[]): void {
  if (availableParallelism() < 2) return;
  for (const pid of pids) {
    if (pid !== undefined) spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(pid)]);
  }
}
