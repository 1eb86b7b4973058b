/** Finds what a command is about: the embedded stack of a data directory, or a node given by address and token. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DataFolder, issueToken, type EmbeddedRecord, type NodeRecord } from '#tools/embedded';
import type { Given, OptionTable } from '../command.ts';
import { Unreachable, UsageError } from '../failures.ts';
import { NodeApi } from './node-api.ts';

export const DEFAULT_DATA_DIR = '.lienthong';

export const DATA_DIR: OptionTable = {
  'data-dir': {
    type: 'string',
    value: 'DIR',
    about: {
      vi: `Thư mục dữ liệu của bộ chạy thử (mặc định ${DEFAULT_DATA_DIR})`,
      en: `Data directory of the embedded stack (default ${DEFAULT_DATA_DIR})`,
    },
  },
};
export const NODE: OptionTable = {
  node: { type: 'string', value: 'NODE', about: { vi: 'Chỉ nút này', en: 'This node only' } },
};
export const REACH: OptionTable = {
  ...DATA_DIR,
  ...NODE,
  url: {
    type: 'string',
    value: 'URL',
    about: { vi: 'Địa chỉ API của một nút, thay cho --data-dir', en: 'Address of a node’s API, instead of --data-dir' },
  },
  token: {
    type: 'string',
    value: 'JWT',
    about: { vi: 'Thẻ truy cập, cùng với --url', en: 'Bearer token, together with --url' },
  },
};

/** Relative to the folder that the command is called in. */
export const dataDirOf = (given: Given): string => given.find('data-dir') ?? DEFAULT_DATA_DIR;

export interface StackFound {
  readonly folder: DataFolder;
  readonly record: EmbeddedRecord;
}
/** @throws Unreachable when nothing was ever started there */
export function getStack(given: Given): StackFound {
  const dir = dataDirOf(given);
  const folder = new DataFolder(dir);
  const record = existsSync(join(dir, 'embedded.json')) ? folder.findRecord() : undefined;
  if (record) return { folder, record };
  throw new Unreachable(
    `Chưa có gì ở ${dir}: hãy chạy npm start, hoặc chỉ rõ --data-dir, hoặc --url và --token · Nothing was started in ${dir}: run npm start, or name --data-dir, or --url and --token`,
  );
}

/** Records of the nodes asked for. @throws UsageError on a node that the stack does not have */
export function nodesIn({ record }: StackFound, given: Given): readonly NodeRecord[] {
  const wanted = given.find('node');
  if (wanted === undefined) return record.nodes;
  const found = record.nodes.filter(({ node }) => node === wanted);
  if (found.length > 0) return found;
  const names = record.nodes.map(({ node }) => node).join(', ');
  throw new UsageError(`Không có nút ${wanted}; có · there is no node ${wanted}; there are: ${names}`);
}

const WATCHING = ['auditor', 'operator'];

/** The nodes asked for, to be asked as operator and auditor. */
export function reachNodes(given: Given): readonly NodeApi[] {
  const url = given.find('url');
  if (url === undefined) {
    const stack = getStack(given);
    return nodesIn(stack, given).map((record) => nodeApi(stack.folder, record));
  }
  if (!URL.canParse(url)) throw new UsageError(`--url: không phải URL · not a URL`);
  const token = given.get('token');
  return [new NodeApi({ name: new URL(url).host, url, token: async () => token })];
}

export function nodeApi(folder: DataFolder, { node, url, agencies }: NodeRecord): NodeApi {
  let token: Promise<string> | undefined;
  return new NodeApi({
    name: node,
    url,
    token: () => (token ??= issueToken(folder, { roles: WATCHING, agencies, subject: 'lienthong.cli' })),
  });
}
