// The rows of one visit in memory: what was pulled, and over it what this phone did since.

export class Rows {
  #tables = new Map();
  #changes = new Map();
  #groups = new Map(); // table → column → value → rows

  /** visit: its id; pulled: [{table, id, change_no, data}] as the store keeps them. */
  constructor(visit, pulled = []) {
    this.id = visit;
    for (const { table, id, change_no, data } of pulled) {
      this.put(table, data, id);
      this.#changes.set(data, change_no);
    }
  }

  /** The visit's own row. */
  get visit() {
    return this.get("visit", this.id);
  }

  get(table, id) {
    return this.#tables.get(table)?.get(id);
  }

  /** All rows of a table by id, which is the order in which people made them. */
  all(table) {
    return [...(this.#tables.get(table)?.values() ?? [])].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  /** Rows of a table that fit, in no order. */
  find(table, fits) {
    return [...(this.#tables.get(table)?.values() ?? [])].filter(fits);
  }

  /** Rows of a table with this value in a column that never changes: an act need not look through all the others. */
  having(table, column, value) {
    if (!this.#groups.has(table)) this.#groups.set(table, new Map());
    const columns = this.#groups.get(table);
    if (!columns.has(column)) {
      columns.set(column, new Map());
      for (const row of this.#tables.get(table)?.values() ?? []) group(columns.get(column), row[column], row);
    }
    return columns.get(column).get(value) ?? [];
  }

  put(table, row, id = row.id) {
    if (!this.#tables.has(table)) this.#tables.set(table, new Map());
    if (this.#tables.get(table).has(id)) this.#groups.delete(table);
    this.#tables.get(table).set(id, this.set(row, {}));
    for (const [column, values] of this.#groups.get(table) ?? []) group(values, row[column], row);
    return row;
  }

  /** Fills columns of a row; an empty one is absent, as on the wire. */
  set(row, columns) {
    Object.assign(row, columns);
    for (const key of Object.keys(row)) if (row[key] === undefined || row[key] === null) delete row[key];
    return row;
  }

  /** The number under which the server last changed a row; infinite for what only this phone knows. */
  changeOf(row) {
    return this.#changes.get(row) ?? Number.POSITIVE_INFINITY;
  }
}

function group(values, value, row) {
  if (values.has(value)) values.get(value).push(row);
  else values.set(value, [row]);
}
