/** Events after a number and up to another, as rows of the shape that is wanted: a second sees 200,000 of them. */
export const STORED_EVENTS = `SELECT seq, stream, run_id AS runId, run_seq AS runSeq, at, actor, tenant, type, version,
  epoch, dedupe_key AS dedupeKey, body, salt, body_digest AS bodyDigest, prev_hash AS prevHash, hash
  FROM events WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?`
