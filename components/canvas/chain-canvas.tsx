import { type DragEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  Background,
  BackgroundVariant,
  type Connection,
  Controls,
  type EdgeChange,
  type FinalConnectionState,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
  useStore,
} from 'reactflow';
import { useCommands } from '@/components/commands/command-context';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import type { ActionId } from '@/lib/chain/ids';
import { readEdgeChanges, readNodeChanges } from './canvas-changes';
import {
  type ActionEdge,
  type CanvasNode,
  createEdgeBuilder,
  createNodeBuilder,
  edgeIdOf,
  NOTHING_TRANSIENT,
} from './canvas-nodes';
import { CARD_HEIGHT, CARD_WIDTH, freePlace, GRID, positionsOf } from './card-positions';
import { ConnectChip } from './connect-chip';
import { useConnectState } from './connect-state';
import { ConnectionLine } from './connection-line';
import { EmptyCanvas } from './empty-canvas';
import { focusCard } from './focus-card';
import { LoopOffer, type LoopOfferPlace } from './loop-offer';
import { MotionLayer } from './motion-layer';
import { edgeTypes, nodeTypes } from './node-types';
import { useKeepFocus } from './use-keep-focus';
import { FIT, useKeepInView } from './use-keep-in-view';

/** What the palette puts on a drag: the id of a definition. */
export const DEFINITION_DRAG_TYPE = 'application/x-chainwright-definition';

const FAR_BELOW_ZOOM = 0.4;

/** The graph, wired to commands. It holds no rule of its own: what may connect is `lib/graph`'s word. */
export function ChainCanvas() {
  const store = useEditorStore();
  const commands = useCommands();
  const flow = useReactFlow<CanvasNode, ActionEdge>();
  const workbench = useEditor((state) => state.workbench);
  const selectedIds = useEditor((state) => state.selectedIds);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const isFar = useStore((state) => state.transform[2] < FAR_BELOW_ZOOM);
  const [transient, setTransient] = useState(NOTHING_TRANSIENT);
  // Two batches may come before the next render; each goes on from what the last one left.
  const latestTransient = useRef(NOTHING_TRANSIENT);
  const [buildNodes] = useState(createNodeBuilder);
  const [buildEdges] = useState(createEdgeBuilder);
  const [offer, setOffer] = useState<LoopOfferPlace | null>(null);
  const frameRef = useRef<HTMLDivElement>(null);
  const isConnecting = useConnectState((state) => state.drag !== null);
  const { isWhole, onMoveStart } = useKeepInView();
  useKeepFocus();

  const nodes = useMemo(
    () => buildNodes(workbench, selectedIds, transient),
    [buildNodes, workbench, selectedIds, transient],
  );
  const edges = useMemo(
    () => buildEdges(workbench, new Set(selectedEdges.map(({ from, to }) => edgeIdOf(from, to)))),
    [buildEdges, workbench, selectedEdges],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const state = store.getState();
      const read = readNodeChanges(changes, latestTransient.current, state.selectedIds);
      latestTransient.current = read.transient;
      setTransient(read.transient);
      if (read.selectedIds !== null) state.selectActions(read.selectedIds);
      if (read.moved.size > 0) commands.moveCards(read.moved);
    },
    [store, commands],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange<ActionEdge>[]) => {
      const state = store.getState();
      const current = new Set(state.selectedEdges.map(({ from, to }) => edgeIdOf(from, to)));
      const next = readEdgeChanges(changes, current);
      if (next !== null) state.selectEdges([...next].map((id) => readEdgeId(id)));
    },
    [store],
  );

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, connection: FinalConnectionState) => {
      const { loop, drag } = useConnectState.getState();
      const point = 'clientX' in event ? event : event.changedTouches[0];
      useConnectState.getState().end();
      if (point === undefined || drag === null) return;
      if (loop !== null) {
        const { x: panX, y: panY, zoom } = flow.getViewport();
        const card = flow.getNode(drag.end === 'source' ? loop.to : loop.from);
        if (card === undefined) return;
        const top = card.position.y * zoom + panY;
        setOffer({
          loop,
          middle: (card.position.x + CARD_WIDTH / 2) * zoom + panX,
          top,
          bottom: top + (card.measured?.height ?? CARD_HEIGHT) * zoom,
        });
      } else if (connection.toNode === null && connection.toHandle === null) {
        const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
        commands.openAdd({ at, connectTo: { actionId: drag.actionId, end: drag.end } });
      }
    },
    [commands, flow],
  );

  const onDrop = (event: DragEvent): void => {
    const definitionId = event.dataTransfer.getData(DEFINITION_DRAG_TYPE);
    if (definitionId === '') return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX - CARD_WIDTH / 2, y: event.clientY - CARD_HEIGHT / 2 });
    commands.addDefinition(definitionId, freePlace(at, positionsOf(store.getState().workbench).values()));
  };

  // The chip follows the card under the pointer; React Flow tells which one through its own store.
  const nearId = useStore((state) => (state.connection.inProgress ? (state.connection.toNode?.id ?? null) : null));
  useEffect(() => {
    if (isConnecting) useConnectState.getState().hover(store.getState().workbench.chain, nearId as ActionId | null);
  }, [nearId, isConnecting, store]);

  return (
    <div
      ref={frameRef}
      className="chain-canvas"
      data-far={isFar || undefined}
      data-connecting={isConnecting || undefined}
      role="application"
      aria-label="Canvas"
      onKeyDownCapture={(event) => {
        // React Flow would take the keyboard away from the card too, and leave it nowhere.
        const holder = event.target instanceof Element && event.target.matches('.react-flow__node, .react-flow__edge');
        if (event.key !== 'Escape' || !holder || isConnecting) return;
        event.stopPropagation();
        store.getState().selectActions([]);
        store.getState().selectEdges([]);
      }}
    >
      <ReactFlow<CanvasNode, ActionEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnectStart={(_event, { nodeId, handleType }) => {
          setOffer(null);
          if (nodeId !== null) {
            useConnectState
              .getState()
              .begin(store.getState().workbench.chain, nodeId as ActionId, handleType ?? 'source');
          }
        }}
        onConnect={({ source, target }: Connection) => commands.connect(source as ActionId, target as ActionId)}
        onConnectEnd={onConnectEnd}
        isValidConnection={({ source, target }) => {
          const { drag, illegal } = useConnectState.getState();
          return drag !== null && !illegal.has((drag.end === 'source' ? target : source) as ActionId);
        }}
        connectionLineComponent={ConnectionLine}
        connectionRadius={32}
        autoPanOnConnect={!isWhole}
        autoPanOnNodeDrag={!isWhole}
        onMoveStart={onMoveStart}
        onPaneClick={() => setOffer(null)}
        onNodeDoubleClick={(_event, node) => node.type === 'action' && commands.openInspectorOf(node.id as ActionId)}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(DEFINITION_DRAG_TYPE)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
        }}
        onDrop={onDrop}
        onlyRenderVisibleElements={nodes.length > 150}
        snapToGrid
        snapGrid={[GRID, GRID]}
        minZoom={0.05}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        deleteKeyCode={null}
        disableKeyboardA11y={false}
        multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
        selectionKeyCode="Shift"
        attributionPosition="bottom-right"
        nodesFocusable
        edgesFocusable
        elevateEdgesOnSelect
      >
        <Background variant={BackgroundVariant.Dots} gap={GRID} size={1.5} color="var(--canvas-dot)" />
        <Controls showInteractive={false} fitViewOptions={FIT} position="bottom-left" />
        {nodes.length > 8 && <MiniMap pannable zoomable position="bottom-right" ariaLabel="Overview of the chain" />}
        <MotionLayer />
      </ReactFlow>
      <ConnectChip />
      {nodes.length === 0 && <EmptyCanvas />}
      {offer !== null && (
        <LoopOffer
          place={offer}
          onClose={() => {
            setOffer(null);
            focusCard(offer.loop.from);
          }}
        />
      )}
    </div>
  );
}

function readEdgeId(id: string): { from: ActionId; to: ActionId } {
  const [from, to] = JSON.parse(id) as [ActionId, ActionId];
  return { from, to };
}
