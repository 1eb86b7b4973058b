/**
 * Tables and functions of the vault. What may be changed afterwards is little, and the grants say so per table: a key may
 * be destroyed, a disclosure deleted; the registers only grow.
 *
 * Erasure and its races. `put` takes an advisory lock shared, `erase` takes it alone, and in `put` the keys are read by a
 * statement that begins after the lock is held. So an erasure waits for the puts under way and deletes what they stored,
 * and a put that comes later finds the key destroyed, whatever a process still has in its memory. A destroyed key stays as
 * a row without key (`wrapped` is null), so (stream, subject) can never get another one; a trigger refuses the way back.
 * Proved by `vault.int.spec.ts`. This is the vault as it was first made; `put-together.sql.ts` has `put` as it is now.
 */
export const CREATE_VAULT = `
CREATE TABLE vault.data_key (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  wrapped bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  erased_at timestamptz,
  UNIQUE (stream, subject),
  CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL))
);
COMMENT ON TABLE vault.data_key IS 'Wrapped data key per (stream, subject); null once destroyed, for ever.';

CREATE TABLE vault.disclosure (
  event bytea NOT NULL,
  pointer text COLLATE "C" NOT NULL,
  key_id bigint NOT NULL,
  sealed bytea NOT NULL,
  stored_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (event, pointer)
);
ALTER TABLE vault.disclosure ALTER COLUMN sealed SET STORAGE EXTERNAL;
CREATE INDEX disclosure_of_key ON vault.disclosure (key_id);
CREATE INDEX disclosure_by_age ON vault.disclosure (stored_at);

CREATE TABLE vault.dossier_key (
  stream text COLLATE "C" PRIMARY KEY,
  wrapped bytea NOT NULL
);
COMMENT ON TABLE vault.dossier_key IS 'Wrapped HMAC key per stream; replaced when a subject of the stream is erased.';

CREATE TABLE vault.disclosure_sent (
  event bytea NOT NULL,
  pointers text[] NOT NULL,
  receiver text NOT NULL,
  key_id text NOT NULL,
  purpose text NOT NULL,
  sent_at timestamptz NOT NULL
);
CREATE INDEX disclosure_sent_of_event ON vault.disclosure_sent (event);
COMMENT ON TABLE vault.disclosure_sent IS 'Register: who was sent which openings, sealed for which key, why, when. Kept as long as the ledger.';

CREATE TABLE vault.disclosure_refused (
  event bytea NOT NULL,
  receiver text NOT NULL,
  purpose text NOT NULL,
  code text NOT NULL,
  refused_at timestamptz NOT NULL
);
CREATE INDEX disclosure_refused_of_event ON vault.disclosure_refused (event);

CREATE TABLE vault.erasure_confirmed (
  event bytea NOT NULL,
  node text COLLATE "C" NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (event, node)
);
COMMENT ON TABLE vault.erasure_confirmed IS 'Which nodes have destroyed their copies of what a personal-data-erased names; the own node once it has told the others.';

CREATE TABLE vault.reveal (
  stream text NOT NULL,
  event bytea NOT NULL,
  pointers text[] NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  revealed_at timestamptz NOT NULL
);
CREATE INDEX reveal_of_stream ON vault.reveal (stream);

CREATE TABLE vault.state (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  wrapped_check bytea NOT NULL,
  swept_up_to timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON COLUMN vault.state.wrapped_check IS 'Known bytes under the wrapping key: another key is noticed before anything is sealed under it.';

CREATE FUNCTION vault.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of vault.% is not allowed', tg_op, tg_table_name;
END $$;
CREATE TRIGGER erased_stays_erased BEFORE UPDATE ON vault.data_key FOR EACH ROW
  WHEN (NEW.wrapped IS NOT NULL) EXECUTE FUNCTION vault.refuse();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON vault.data_key EXECUTE FUNCTION vault.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.disclosure_sent EXECUTE FUNCTION vault.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.reveal EXECUTE FUNCTION vault.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.disclosure_refused EXECUTE FUNCTION vault.refuse();
CREATE TRIGGER kept BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.erasure_confirmed EXECUTE FUNCTION vault.refuse();

CREATE FUNCTION vault.put(
  streams text[], subjects text[], candidates bytea[],
  key_numbers int[], events bytea[], pointers text[], sealed_values bytea[]
) RETURNS TABLE (number int, wrapped bytea) LANGUAGE plpgsql AS $$
DECLARE
  -- 0 where the candidate is not the key; a fixed-width array without nulls is read in constant time
  key_ids bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock_shared(LOCK);

  INSERT INTO vault.data_key AS k (stream, subject, wrapped)
  SELECT c.stream, c.subject, c.wrapped
  FROM unnest(streams, subjects, candidates) AS c (stream, subject, wrapped)
  WHERE NOT EXISTS (SELECT FROM vault.data_key e WHERE e.stream = c.stream AND e.subject = c.subject)
  ORDER BY c.stream COLLATE "C", c.subject COLLATE "C"
  ON CONFLICT DO NOTHING;

  key_ids := ARRAY(
    SELECT CASE WHEN k.wrapped = c.wrapped THEN k.id ELSE 0 END
    FROM unnest(streams, subjects, candidates) WITH ORDINALITY AS c (stream, subject, wrapped, number)
    JOIN vault.data_key k ON k.stream = c.stream AND k.subject = c.subject
    ORDER BY c.number);

  INSERT INTO vault.disclosure AS d (event, pointer, key_id, sealed)
  SELECT n.event, n.pointer, key_ids[n.key_number], n.sealed
  FROM unnest(key_numbers, events, pointers, sealed_values) AS n (key_number, event, pointer, sealed)
  WHERE key_ids[n.key_number] <> 0
  ORDER BY n.event, n.pointer COLLATE "C"
  ON CONFLICT (event, pointer) DO UPDATE SET stored_at = now()
  WHERE d.stored_at < now() - interval '1 hour';

  IF array_position(key_ids, 0) IS NULL THEN RETURN; END IF;
  RETURN QUERY
  SELECT c.number::int, k.wrapped
  FROM unnest(streams, subjects, candidates) WITH ORDINALITY AS c (stream, subject, wrapped, number)
  JOIN vault.data_key k ON k.stream = c.stream AND k.subject = c.subject
  WHERE k.wrapped IS DISTINCT FROM c.wrapped;
END $$;
COMMENT ON FUNCTION vault.put IS 'Stores disclosures sealed under their candidate keys; returns the numbers of the keys that are others by now, or destroyed (null).';

CREATE FUNCTION vault.erase(erased_stream text, erased_subjects text[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  erased bigint[];
BEGIN
  PERFORM pg_advisory_xact_lock(LOCK);

  WITH destroyed AS (
    INSERT INTO vault.data_key AS k (stream, subject, wrapped, erased_at)
    SELECT erased_stream, s.subject, NULL, now() FROM (SELECT DISTINCT unnest(erased_subjects)) AS s (subject)
    ON CONFLICT (stream, subject) DO UPDATE SET wrapped = NULL, erased_at = now() WHERE k.wrapped IS NOT NULL
    RETURNING k.id
  )
  SELECT array_agg(id) INTO erased FROM destroyed;

  IF erased IS NULL THEN RETURN 0; END IF;
  DELETE FROM vault.disclosure WHERE key_id = ANY (erased);
  DELETE FROM vault.dossier_key WHERE stream = erased_stream;
  RETURN cardinality(erased);
END $$;

CREATE FUNCTION vault.dossier_key(of_stream text, candidate bytea) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
  found_key bytea;
BEGIN
  LOOP
    SELECT wrapped INTO found_key FROM vault.dossier_key WHERE stream = of_stream;
    IF FOUND THEN RETURN found_key; END IF;
    INSERT INTO vault.dossier_key VALUES (of_stream, candidate) ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
`.replaceAll('(LOCK)', '(7012023137)');

/** What the application's role may do, table by table; run after every migration. */
export const GRANTS = (role: string): string => `
GRANT USAGE ON SCHEMA vault TO ${role};
GRANT SELECT, INSERT, UPDATE (wrapped, erased_at) ON vault.data_key TO ${role};
GRANT SELECT, INSERT, DELETE, UPDATE (stored_at) ON vault.disclosure TO ${role};
GRANT SELECT, INSERT, DELETE ON vault.dossier_key TO ${role};
GRANT SELECT, INSERT ON vault.disclosure_sent, vault.disclosure_refused, vault.erasure_confirmed, vault.reveal TO ${role};
GRANT SELECT, INSERT, UPDATE (swept_up_to) ON vault.state TO ${role};
GRANT SELECT ON vault.migrations TO ${role};
`;
