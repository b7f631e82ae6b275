type Ask = (payload: unknown) => Promise<unknown>;

/** What a member of a group asks the broker that keeps it. */
const asked = ['heartbeat', 'joinGroup', 'syncGroup'] as const;

/**
 * A coordinator that gives no answer is called another one, so that it is looked for again. Left alone kafkajs would send
 * heartbeats to a dead one until it crashes, and after a joining that failed go on with the parts of before.
 */
export function answersOrMoves(coordinator: object): void {
  const own = coordinator as Record<(typeof asked)[number], Ask>;
  for (const name of asked) {
    const ask = own[name].bind(coordinator);
    own[name] = async payload => {
      try {
        return await ask(payload);
      } catch (error) {
        // Whoever has a type was an answer; the rest never came.
        if ((error as { type?: string }).type !== undefined) throw error;
        throw Object.assign(error as Error, { type: 'NOT_COORDINATOR_FOR_GROUP' });
      }
    };
  }
}
