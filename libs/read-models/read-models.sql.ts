/**
 * Read models stand in a schema of their own in the ledger's database. Each *generation* is a set of tables with its
 * position in the log; a generation that is folded beside the live one is switched to when it is level. Tables are made
 * and dropped by two functions of the owner, because the application's role may create nothing.
 *
 * `state` is `json`, not `jsonb`: the text is kept as it was written, so a fold goes on from exactly the state it left.
 */
export const CREATE_READ_MODELS = `
CREATE TABLE read.generation (
  generation int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  schema_version int NOT NULL,
  log_index bigint NOT NULL DEFAULT -1
);
COMMENT ON COLUMN read.generation.log_index IS 'Last entry of the log that the rows contain; changed in the same transaction as they.';

CREATE TABLE read.live (
  schema_version int PRIMARY KEY,
  generation int NOT NULL REFERENCES read.generation
);
COMMENT ON TABLE read.live IS 'Which generation programs of a schema version fold and ask. Two versions live side by side during an upgrade.';

CREATE FUNCTION read.create_generation(of_version int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n int;
BEGIN
  INSERT INTO read.generation (schema_version) VALUES (of_version) RETURNING generation INTO n;
  EXECUTE format($table$
    CREATE TABLE read.dossier_list_%1$s (
      subject text COLLATE "C" PRIMARY KEY,
      first_index bigint NOT NULL,
      updated_index bigint NOT NULL,
      updated_at timestamptz NOT NULL,
      head_hash text,
      head_place bigint NOT NULL,
      head_time timestamptz,
      filed_with text COLLATE "C",
      receiving_agency text COLLATE "C",
      dossier_code text COLLATE "C",
      register_number bigint,
      procedure_code text COLLATE "C",
      procedure_version bigint,
      procedure_case text,
      channel text,
      applicant_kind text,
      territory text COLLATE "C",
      area text,
      situation text NOT NULL,
      status smallint,
      custodian text COLLATE "C",
      in_transit_from text COLLATE "C",
      in_transit_to text COLLATE "C",
      transit_reason text,
      released_by text COLLATE "C",
      leg_due_at timestamptz,
      due_at timestamptz,
      intake_answer_due_at timestamptz,
      opinion_due_at timestamptz,
      submitted_at timestamptz,
      received_at timestamptz,
      ended_at timestamptz,
      ending text,
      ended_by text COLLATE "C",
      verdict text NOT NULL,
      custodians text[] NOT NULL,
      forwarded_by text[] NOT NULL,
      parties text[] NOT NULL,
      flags text[] NOT NULL,
      branched boolean NOT NULL,
      parked text,
      parked_event text,
      unapplied int NOT NULL,
      state json NOT NULL
    );
    CREATE INDEX ON read.dossier_list_%1$s (first_index);
    CREATE INDEX ON read.dossier_list_%1$s (updated_index);
    CREATE INDEX ON read.dossier_list_%1$s (receiving_agency, first_index);
    CREATE INDEX ON read.dossier_list_%1$s (custodian, first_index);
    CREATE INDEX ON read.dossier_list_%1$s (in_transit_to, first_index) WHERE in_transit_to IS NOT NULL;
    CREATE INDEX ON read.dossier_list_%1$s (due_at, first_index) WHERE ended_at IS NULL;
    CREATE INDEX ON read.dossier_list_%1$s (opinion_due_at) WHERE opinion_due_at IS NOT NULL AND ended_at IS NULL;
    CREATE INDEX ON read.dossier_list_%1$s (dossier_code);
    CREATE INDEX ON read.dossier_list_%1$s (parked) WHERE parked IS NOT NULL;
    CREATE INDEX ON read.dossier_list_%1$s USING gin (parties);
    CREATE TABLE read.dossier_code_%1$s (
      code text COLLATE "C" NOT NULL,
      system text COLLATE "C" NOT NULL,
      subject text COLLATE "C" NOT NULL,
      PRIMARY KEY (code, system, subject)
    );
    CREATE INDEX ON read.dossier_code_%1$s (subject);
    CREATE VIEW read.dossier_code_alarm_%1$s AS
      SELECT system, code, array_agg(subject ORDER BY subject) AS subjects
      FROM read.dossier_code_%1$s GROUP BY system, code HAVING count(*) > 1;
  $table$, n);
  RETURN n;
END $$;

CREATE FUNCTION read.drop_generation(n int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- First the row that a batch under way holds, then its tables: the order in which a batch takes them.
  PERFORM FROM read.generation WHERE generation = n FOR UPDATE;
  IF EXISTS (SELECT FROM read.live WHERE generation = n) THEN
    RAISE EXCEPTION 'generation % is live', n;
  END IF;
  EXECUTE format('DROP VIEW IF EXISTS read.dossier_code_alarm_%s', n);
  EXECUTE format('DROP TABLE IF EXISTS read.dossier_list_%1$s, read.dossier_code_%1$s', n);
  DELETE FROM read.generation WHERE generation = n;
END $$;
`;

/** From schema version 2 on a row says how much in it waits for an answer; programs of version 1 get their tables as before. */
export const COUNT_UNANSWERED = `
ALTER FUNCTION read.create_generation(int) RENAME TO create_generation_1;

CREATE FUNCTION read.create_generation(of_version int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  n int := read.create_generation_1(of_version);
BEGIN
  IF of_version >= 2 THEN
    EXECUTE format('ALTER TABLE read.dossier_list_%s ADD COLUMN unanswered int NOT NULL', n);
    EXECUTE format('CREATE INDEX ON read.dossier_list_%s (first_index) WHERE unanswered > 0', n);
  END IF;
  RETURN n;
END $$;
`;

/**
 * Generations that no program works on any more: not of a later version, not the live one of this version, behind that one,
 * and not moved for so long. A program that works on one moves it with the log. Whoever comes back to an older version
 * makes its generation anew.
 */
export const RETIRE = `
ALTER TABLE read.generation ADD COLUMN seen_index bigint, ADD COLUMN seen_at timestamptz;

CREATE FUNCTION read.retire_generations(of_version int, after interval) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  own record;
  n int;
  gone int := 0;
BEGIN
  SELECT g.generation, g.log_index INTO own FROM read.live l JOIN read.generation g USING (generation)
  WHERE l.schema_version = of_version;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  UPDATE read.generation SET seen_index = log_index, seen_at = now() WHERE generation IN (
    SELECT g.generation FROM read.generation g WHERE g.generation <> own.generation
      AND g.seen_index IS DISTINCT FROM g.log_index FOR UPDATE SKIP LOCKED);
  FOR n IN SELECT g.generation FROM read.generation g
    WHERE g.generation <> own.generation AND g.schema_version <= of_version AND g.log_index < own.log_index
      AND g.seen_at < now() - after FOR UPDATE SKIP LOCKED
  LOOP
    DELETE FROM read.live WHERE generation = n;
    PERFORM read.drop_generation(n);
    gone := gone + 1;
  END LOOP;
  RETURN gone;
END $$;
`;

/** Before the migrations: tables that the owner makes later, by `create_generation`, are the application's to write. */
export const DEFAULT_GRANTS = (role: string): string =>
  `ALTER DEFAULT PRIVILEGES IN SCHEMA read GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`;

/** After them. */
export const GRANTS = (role: string): string => `
GRANT USAGE ON SCHEMA read TO ${role};
REVOKE ALL ON read.migrations, read.generation, read.live FROM ${role};
GRANT SELECT ON read.migrations TO ${role};
GRANT SELECT, UPDATE (log_index) ON read.generation TO ${role};
GRANT SELECT, INSERT, UPDATE ON read.live TO ${role};
REVOKE ALL ON FUNCTION read.create_generation_1 FROM PUBLIC, ${role};
REVOKE ALL ON FUNCTION read.create_generation, read.drop_generation, read.retire_generations FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read.create_generation, read.drop_generation, read.retire_generations TO ${role};
`;
