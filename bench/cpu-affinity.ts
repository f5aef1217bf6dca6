/** Pins processes to a CPU. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Pins processes to the first CPU, so that the measured process has another one. Otherwise the scheduler may keep
 * processes that wait for each other on one CPU or on two for seconds, which would dominate the result. Does nothing
 * without `taskset` (part of Linux).
 */
export function pinToFirstCpu(...pids: readonly (number | undefined)[]): void {
  if (availableParallelism() < 2) return;
  for (const pid of pids) {
    if (pid !== undefined) spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', String(pid)]);
  }
}
