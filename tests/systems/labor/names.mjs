// The names and codes that both sides of this folder's programs use, from the same file as the adapter: where a
// mapping is another, so are they. Strings of the tables [name] and [code] alone are read.
import { readFileSync } from 'node:fs';

export function namesOf(file) {
  const tables = {};
  let table = {};
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const opened = /^\[(\w+)\]/.exec(line);
    if (opened) table = tables[opened[1]] = {};
    const entry = /^([\w.-]+)\s*=\s*"([^"]*)"/.exec(line);
    if (entry) table[entry[1]] = entry[2];
  }
  return {
    name: (field) => {
      if (!tables.name[field]) throw new Error(`the mapping has no name for ${field}`);
      return tables.name[field];
    },
    // What a code of theirs is called here; undefined where it is no code.
    word: (list, code) =>
      Object.entries(tables.code).find(([key, value]) => key.startsWith(list + '.') && value === code)?.[0]
        .slice(list.length + 1),
  };
}
