import { z } from 'zod';

// zod probes `new Function` for a faster path; the Content-Security-Policy reports that as a violation.
z.config({ jitless: true });
