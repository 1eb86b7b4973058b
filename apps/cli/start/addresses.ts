/** Where to look once the nodes run. */
import type { EmbeddedStack } from '#tools/embedded';

export async function addressesText(stack: EmbeddedStack, dataDir: string): Promise<string> {
  const [first] = stack.nodes;
  const at = dataDir === '.lienthong' ? '' : ` --data-dir ${dataDir}`;
  const token = first
    ? await stack.token(['clerk', 'auditor'], first.agencies.slice(0, 1), { subject: 'visitor' })
    : '';
  return [
    'Mở · open:',
    ...stack.nodes.map(
      ({ node, url }) => `  ${node}  ${url}/health  ${url}/ready  ${url}/v1/openapi.json  ${url}/metrics`,
    ),
    '',
    'Danh sách hồ sơ · list of dossiers:',
    `  curl -s -H 'Authorization: Bearer ${token}' '${first?.url}/v1/dossiers?limit=5'`,
    '',
    `  npx lienthong dossiers${at}      npx lienthong show <mã · code>${at}`,
    `  npx lienthong status${at}        npx lienthong verify${at}`,
    `  npx lienthong token --role clerk --agency ${first?.agencies[0]}${at}`,
  ].join('\n');
}
