import { OpenLastChain } from '@/components/chains/open-last-chain';

export default function HomePage() {
  return <OpenLastChain />;
}
