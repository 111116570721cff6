import type { Metadata } from 'next';
import { OpenChain } from '@/components/designer/open-chain';

export const metadata: Metadata = { title: 'Designer' };

export default async function ChainPage({ params }: { readonly params: Promise<{ readonly chainId: string }> }) {
  const { chainId } = await params;
  return <OpenChain key={chainId} chainId={chainId} />;
}
