/**
 * The rows of `vault.disclosure` with several values each, and the function that stores them (its locks: `vault.sql.ts`).
 * Byte strings come end to end in one parameter, cut where each ends (events are 32 bytes each): in an array pg would write them in hex.
 * Its statements are planned once per connection and not anew at each call, which costs more than they do; that plan may be
 * made while a table is empty, hence nothing but lookups.
 */
export const PUT_TOGETHER = `
ALTER TABLE vault.disclosure ALTER COLUMN pointer TYPE text[] COLLATE "C" USING ARRAY[pointer];
ALTER TABLE vault.disclosure RENAME COLUMN pointer TO pointers;
COMMENT ON COLUMN vault.disclosure.pointers IS 'Sorted. The disclosures are sealed in this order, a line each. Rows of an event may overlap.';

DROP FUNCTION vault.put(text[], text[], bytea[], int[], bytea[], text[], bytea[]);

-- The n-th of byte strings that lie end to end.
CREATE FUNCTION vault.piece(bytes bytea, ends int[], n bigint) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT substr(bytes, coalesce(ends[n - 1], 0) + 1, ends[n] - coalesce(ends[n - 1], 0))
$$;

CREATE FUNCTION vault.put(
  streams text[], subjects text[], candidates bytea, candidate_ends int[],
  key_numbers int[], events bytea, pointer_lists text[], sealed_values bytea, sealed_ends int[]
) RETURNS TABLE (number int, wrapped bytea) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off AS $$
DECLARE
  -- 0 where the candidate is not the key; a fixed-width array without nulls is read in constant time
  key_ids bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(LOCK);

  INSERT INTO vault.data_key AS k (stream, subject, wrapped)
  SELECT c.stream, c.subject, vault.piece(candidates, candidate_ends, c.number)
  FROM unnest(streams, subjects) WITH ORDINALITY AS c (stream, subject, number)
  WHERE NOT EXISTS (SELECT FROM vault.data_key e WHERE e.stream = c.stream AND e.subject = c.subject)
  ORDER BY c.stream COLLATE "C", c.subject COLLATE "C"
  ON CONFLICT DO NOTHING;

  key_ids := ARRAY(
    SELECT CASE WHEN k.wrapped = vault.piece(candidates, candidate_ends, c.number) THEN k.id ELSE 0 END
    FROM unnest(streams, subjects) WITH ORDINALITY AS c (stream, subject, number)
    JOIN vault.data_key k ON k.stream = c.stream AND k.subject = c.subject
    ORDER BY c.number);

  INSERT INTO vault.disclosure AS d (event, pointers, key_id, sealed)
  SELECT n.event, n.pointers, key_ids[n.key_number], n.sealed
  FROM (
    SELECT r.key_number, substr(events, (r.number::int - 1) * 32 + 1, 32) AS event,
      string_to_array(r.list, E'\\x1f') AS pointers, vault.piece(sealed_values, sealed_ends, r.number) AS sealed
    FROM unnest(key_numbers, pointer_lists) WITH ORDINALITY AS r (key_number, list, number)
  ) n
  WHERE key_ids[n.key_number] <> 0
  ORDER BY n.event, n.pointers COLLATE "C"
  ON CONFLICT (event, pointers) DO UPDATE SET stored_at = now()
  WHERE d.stored_at < now() - interval '1 hour';

  IF array_position(key_ids, 0) IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT c.number::int, k.wrapped
  FROM unnest(streams, subjects) WITH ORDINALITY AS c (stream, subject, number)
  JOIN vault.data_key k ON k.stream = c.stream AND k.subject = c.subject
  WHERE k.wrapped IS DISTINCT FROM vault.piece(candidates, candidate_ends, c.number);
END $$;
COMMENT ON FUNCTION vault.put IS 'Stores disclosures sealed under their candidate keys; returns the numbers of the keys that are others by now, or destroyed (null).';
`.replaceAll('(LOCK)', '(7012023137)');
