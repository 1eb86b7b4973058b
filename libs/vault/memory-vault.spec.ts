import { MemoryVault } from '../testing/memory-vault.ts';
import { vaultContract } from '../testing/vault.contract.ts';

vaultContract('in memory', async () => {
  const vault = new MemoryVault();
  return { vault, another: async () => vault };
});
