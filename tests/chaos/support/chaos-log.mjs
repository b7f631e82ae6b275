const { CHAOS_LOG, MEMBER } = process.env;

/** With `CHAOS_LOG` the processes of a test tell what their clients complain about. */
export const log = (level, message, data) =>
  CHAOS_LOG && console.error(new Date().toISOString(), MEMBER, level, message, JSON.stringify(data));
