/** Waiting of this process. It decides no business rule. */
export interface Timer {
  /**
   * Resolves after about so many milliseconds, or as soon as the signal is given. Never throws, and never keeps a
   * process from ending.
   */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}
