import {
  type AddColumnNode,
  type CreateIndexNode,
  type CreateTableNode,
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from 'kysely';

/**
 * Adds `if not exists` to whatever makes a table, a column or an index. MariaDB commits each such statement by itself:
 * a migration that was broken off half-way has to be able to run again.
 */
export class RepeatableDdl implements KyselyPlugin {
  readonly #transformer = new IfNotExists();

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

class IfNotExists extends OperationNodeTransformer {
  protected override transformCreateTable(node: CreateTableNode): CreateTableNode {
    return { ...super.transformCreateTable(node), ifNotExists: true };
  }

  protected override transformCreateIndex(node: CreateIndexNode): CreateIndexNode {
    return { ...super.transformCreateIndex(node), ifNotExists: true };
  }

  protected override transformAddColumn(node: AddColumnNode): AddColumnNode {
    const added = super.transformAddColumn(node);
    return { ...added, column: { ...added.column, ifNotExists: true } };
  }
}
