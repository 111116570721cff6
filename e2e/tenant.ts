import { startSimulator } from '@/server/simulator/simulator';
import { type AppServer, startApp } from './app-server';

export interface AppWithTenant {
  readonly app: AppServer;
  readonly stop: () => Promise<void>;
}

/**
 * The application with a connection besides its own simulator: a second one, which stands for a tenant and is the
 * default. Ids of imported definitions mean nothing to it until they are mapped.
 */
export async function startAppWithTenant(): Promise<AppWithTenant> {
  const tenant = await startSimulator({ latencyMs: 0 });
  try {
    const app = await startApp({
      env: {
        CXONE_CLIENT_ID: tenant.clientId,
        CXONE_CLIENT_SECRET: tenant.clientSecret,
        CXONE_BASE_URL: tenant.baseUrl,
      },
    });
    return {
      app,
      stop: async () => {
        await app.stop();
        await tenant.close();
      },
    };
  } catch (error) {
    await tenant.close();
    throw error;
  }
}
