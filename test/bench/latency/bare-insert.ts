import { type Connection, createConnection } from 'mysql2/promise';
import type { BenchStack } from './bench-stack.ts';

const ROW = 'a row of about the size that a small job would have, were it one row and nothing else'.repeat(3);

/** What any acknowledged submit costs at least: one row, committed on the same cluster through the same VIP. */
export type BareInsert = {
  /** Inserts a row on the connection of this client (from 0) and gives the milliseconds it took. */
  insert(client?: number): Promise<number>;
  close(): Promise<void>;
};

const TABLE =
  'create table if not exists bench_rows (id bigint not null auto_increment primary key, value varchar(1000) not null)';

/** @param clients how many connections there are */
export async function openBareInsert({ database }: BenchStack, clients: number): Promise<BareInsert> {
  const owner = await createConnection({ ...database.migration, database: 'ffmill' });
  await owner.query(TABLE);
  await owner.end();
  const connections: Connection[] = [];
  for (let client = 0; client < clients; client += 1)
    connections.push(await createConnection({ ...database.coordinator, database: 'ffmill' }));
  return {
    async insert(client = 0) {
      const begun = performance.now();
      await connections[client]?.execute('insert into bench_rows (value) values (?)', [ROW]);
      return performance.now() - begun;
    },
    async close() {
      await Promise.all(connections.map((connection) => connection.end()));
    },
  };
}
