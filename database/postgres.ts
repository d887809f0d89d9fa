import pg from 'pg'

/** int8 as a number: cents and counts stay far below 2^53. numeric sums of cents likewise. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.NUMERIC, Number)

export function tunePostgres(
  connection: { query(sql: string, done: (error?: unknown) => void): void },
  done: (error?: unknown, connection?: unknown) => void
) {
  connection.query(`SET TIME ZONE 'UTC'`, (error) => done(error, connection))
}
