import { mosquittoBinary, RunningMosquitto } from "./mosquitto.ts";
import { postgresBinaries, RunningPostgres } from "./postgres.ts";

/** Why the real broker and database cannot be had here; `undefined` when they can. For the title of a skipped test. */
export const noRealCloud: string | undefined =
  mosquittoBinary === undefined
    ? "mosquitto is not installed"
    : postgresBinaries === undefined
      ? "PostgreSQL is not installed"
      : undefined;

/** The cloud's machinery as in production: mosquitto and PostgreSQL from Debian's packages, started for one test. */
export class RealCloud implements AsyncDisposable {
  readonly broker: RunningMosquitto;
  readonly database: string;
  readonly #postgres: RunningPostgres;

  private constructor(broker: RunningMosquitto, postgres: RunningPostgres, database: string) {
    this.broker = broker;
    this.#postgres = postgres;
    this.database = database;
  }

  static async start(): Promise<RealCloud> {
    const postgres = await RunningPostgres.start();
    return new RealCloud(await RunningMosquitto.start(), postgres, await postgres.newDatabase());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.broker[Symbol.asyncDispose]();
    await this.#postgres[Symbol.asyncDispose]();
  }
}
