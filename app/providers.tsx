'use client';

import '@/components/ui/zod-without-eval';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Tooltip } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { Toaster } from 'sonner';

export function Providers({ children }: { readonly children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1, staleTime: 30_000 } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
        {children}
      </Tooltip.Provider>
      <Toaster
        position="bottom-center"
        toastOptions={{
          className:
            '!bg-surface-overlay !text-text-1 !border !border-line-strong !rounded-md !shadow-overlay !font-sans !text-sm',
          classNames: {
            description: '!text-text-2',
            actionButton: '!bg-accent !text-text-on-accent',
            cancelButton: '!bg-surface-hover !text-text-1',
          },
        }}
      />
    </QueryClientProvider>
  );
}
