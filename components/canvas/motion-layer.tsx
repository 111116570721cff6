import { useEffect, useRef } from 'react';
import { useStoreApi } from 'reactflow';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { bezierPoint, edgeCurve, HANDLE_Y } from '@/lib/exchange/edge-curve';

const DOTS_MAX = 20;
const LAP_MS = 1200;
const DOT_RADIUS = 3;

/**
 * A dot on every edge into a running action, at most 20, drawn on one canvas over the graph: CSS-animated edges cost React
 * Flow most of its frames. Draws only while something runs, and never when the person asked for less motion.
 */
export function MotionLayer() {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const store = useEditorStore();
  const isAnyRunning = useEditor((state) => state.run?.status === 'running');

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    if (!isAnyRunning || !canvas || !context || calm.matches) return;
    let frame = 0;
    const draw = (nowMs: number): void => {
      const { width, height, transform, nodeLookup } = flow.getState();
      const [panX, panY, zoom] = transform;
      const scale = devicePixelRatio;
      if (canvas.width !== width * scale || canvas.height !== height * scale) {
        canvas.width = width * scale;
        canvas.height = height * scale;
      }
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.setTransform(scale * zoom, 0, 0, scale * zoom, scale * panX, scale * panY);
      context.fillStyle = getComputedStyle(canvas).color;
      let dots = 0;
      for (const { from, to } of edgesIntoRunning(store.getState())) {
        const source = nodeLookup.get(from);
        const target = nodeLookup.get(to);
        if (source === undefined || target === undefined) continue;
        const [out, into] = [source.internals.positionAbsolute, target.internals.positionAbsolute];
        const curve = edgeCurve(
          { x: out.x + (source.measured.width ?? 0), y: out.y + HANDLE_Y },
          { x: into.x, y: into.y + HANDLE_Y },
        );
        const { x, y } = bezierPoint(curve, (nowMs % LAP_MS) / LAP_MS);
        context.beginPath();
        context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
        context.fill();
        if (++dots === DOTS_MAX) break;
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, canvas.width, canvas.height);
    };
  }, [isAnyRunning, flow, store]);

  return <canvas ref={canvasRef} className="motion-layer" aria-hidden />;
}

function* edgesIntoRunning({ run, workbench }: ReturnType<ReturnType<typeof useEditorStore>['getState']>): Generator<{
  from: ActionId;
  to: ActionId;
}> {
  if (run === null) return;
  for (const [to, state] of run.actionById) {
    if (state.status !== 'running') continue;
    const action = workbench.chain.actions.get(to);
    if (action === undefined) continue;
    for (const from of dependenciesOf(action)) yield { from, to };
  }
}
