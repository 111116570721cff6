import Link from 'next/link';

export default function NotFound() {
  return (
    <main className="grid h-full place-items-center">
      <div className="text-center">
        <h1 className="text-lg font-semibold">There is no page here</h1>
        <p className="mt-1 text-text-2">The address may be mistyped, or the chain was deleted.</p>
        <Link className="mt-4 inline-block text-accent-text underline" href="/chains">
          Go to the list of chains
        </Link>
      </div>
    </main>
  );
}
