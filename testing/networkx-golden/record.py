"""Records what networkx says about random chains, built into a graph as the tutorial's runner builds them.

    python3 testing/networkx-golden/record.py

writes acyclic.json and cyclic.json beside itself. Needs networkx 2.6 or newer (Debian: apt install python3-networkx).
Seeded: the same networkx writes the same bytes.

A case has `dependsOn`: the actions in document order, each with what it depends on, in order. An acyclic one also has

- `durations`: one per action, in document order.
- `generations`: `topological_generations`; read one after the other they are `topological_sort`.
- `redundant`: the edges that `transitive_reduction` leaves out, as [from, to].
- `longestPath`, `length`: `dag_longest_path` and `dag_longest_path_length`. networkx weighs edges and we weigh actions, so
  each edge weighs as much as the action that it leads to, and a start node before all others leads to every action that
  waits for nothing. The start is taken off the path again; the order of all others stays as it is without it.

and a cyclic one

- `found`: the actions of the cycle that `find_cycle` meets first.
- `loops`: the actions that depend on themselves (`selfloop_edges`).
- `components`: each of `strongly_connected_components` with two or more actions, and the length of its shortest cycle of
  two or more (over all its edges u -> v, the `shortest_path_length` from v back to u, and the edge itself).
"""

import json
import pathlib
import random

import networkx as nx

SEED = 20250101
ACYCLIC = 240
CYCLIC = 120

HOSTILE = [
    "__proto__", "constructor", "toString", "hasOwnProperty", "10", "2", "01", "-1", "1e3", "a b", "a>b", "a,b", "A", "a",
    "caf\u00e9", "cafe\u0301", "\u540d\u524d", "\U0001f469\u200d\U0001f680", "\u202eabc", "if", "None", '"', "\\", "/",
]


def names(rng, size):
    if rng.random() < 0.25 and size <= len(HOSTILE):
        return rng.sample(HOSTILE, size)
    return [f"a{i}" for i in range(size)]


def random_edges(rng, size):
    density = rng.choice([0.05, 0.15, 0.3, 0.6])
    return [(i, j) for j in range(size) for i in range(j) if rng.random() < density]


def layered_edges(rng, size):
    width = rng.randint(2, 5)
    return [
        (i, j) for j in range(width, size) for i in range(j) if i // width == j // width - 1 and rng.random() < 0.5
    ]


def ladder_edges(_rng, size):
    """Diamond after diamond: two ways from every third action to the next."""
    pairs = []
    for i in range(0, size - 3, 3):
        pairs += [(i, i + 1), (i, i + 2), (i + 1, i + 3), (i + 2, i + 3)]
    return pairs


SHAPES = {
    "random": random_edges,
    "layers": layered_edges,
    "row": lambda _rng, size: [(i, i + 1) for i in range(size - 1)],
    "row with shortcuts": lambda rng, size: [
        (i, j) for j in range(size) for i in range(j) if j == i + 1 or rng.random() < 0.2
    ],
    "fan out": lambda _rng, size: [(0, i) for i in range(1, size)],
    "fan in": lambda _rng, size: [(i, size - 1) for i in range(size - 1)],
    "tree": lambda rng, size: [(rng.randrange(i), i) for i in range(1, size)],
    "complete": lambda _rng, size: [(i, j) for j in range(min(size, 9)) for i in range(j)],
    "ladder": ladder_edges,
    "islands": lambda _rng, size: [(i, i + 1) for i in range(size - 1) if i % 3 == 0],
}


def chain_of(rng, actions, edges):
    """In a document order that says nothing about the order of running; dependencies in any order too."""
    depends_on = {action: [] for action in rng.sample(actions, len(actions))}
    for source, target in edges:
        depends_on[actions[target]].append(actions[source])
    for dependencies in depends_on.values():
        rng.shuffle(dependencies)
    return depends_on


def graph_of(chain):
    graph = nx.DiGraph()
    for action, dependencies in chain.items():
        graph.add_node(action)
        for dependency in dependencies:
            graph.add_edge(dependency, action)
    return graph


def durations_of(rng, chain):
    """Few different ones, for many ties; some of nothing, some decimals whose sums need rounding. Never all nothing:
    then networkx ends its path in the start node."""
    choices = rng.choice([[1], [1, 2], [0, 1, 2], [0.1, 0.2, 0.3], [1, 5, 20, 30000]])
    durations = {action: rng.choice(choices) for action in chain}
    if not any(durations.values()):
        durations[next(iter(durations))] = 1
    return durations


START = ("start",)


def longest_path(chain, graph, durations):
    weighted = nx.DiGraph()
    weighted.add_nodes_from([START, *graph])
    weighted.add_edges_from((START, action, {"weight": durations[action]}) for action in graph if not graph.pred[action])
    for action, dependencies in chain.items():
        weighted.add_edges_from((dependency, action, {"weight": durations[action]}) for dependency in dependencies)
    assert list(nx.topological_sort(weighted)) == [START, *nx.topological_sort(graph)]
    path = nx.dag_longest_path(weighted)
    assert path[0] == START
    return path[1:], nx.dag_longest_path_length(weighted)


def acyclic_case(rng, shape):
    size = rng.randint(1, 16)
    chain = chain_of(rng, names(rng, size), SHAPES[shape](rng, size))
    graph = graph_of(chain)
    try:
        raise AssertionError(nx.find_cycle(graph))
    except nx.NetworkXNoCycle:
        pass
    generations = [list(generation) for generation in nx.topological_generations(graph)]
    assert list(nx.topological_sort(graph)) == [action for generation in generations for action in generation]
    kept = set(nx.transitive_reduction(graph).edges)
    durations = durations_of(rng, chain)
    path, length = longest_path(chain, graph, durations)
    return {
        "shape": shape,
        "dependsOn": list(chain.items()),
        "durations": list(durations.values()),
        "generations": generations,
        # In document order of their targets, as we list them.
        "redundant": [[d, action] for action, ds in chain.items() for d in ds if (d, action) not in kept],
        "longestPath": path,
        "length": length,
    }


def cyclic_case(rng):
    """A shape with some edges turned back, rings laid over it, and now and then an action that waits for itself."""
    shape = rng.choice(["random", "layers", "row", "row with shortcuts", "tree", "ladder", "islands"])
    while True:
        size = rng.randint(1, 20)
        edges = set(SHAPES[shape](rng, size))
        if rng.random() < 0.3:
            edges |= {(j, i) for i, j in list(edges) if rng.random() < 0.1}
        else:
            # Over neighbours, so that several rings leave several components.
            for _ in range(rng.randint(1, 3)):
                length = min(size, rng.choice([1, 3, 4, 5, 7, 9, 20]))
                start = rng.randint(0, size - length)
                ring = list(range(start, start + length))
                if rng.random() < 0.3:
                    rng.shuffle(ring)
                edges |= set(zip(ring, ring[1:] + ring[:1]))
        chain = chain_of(rng, names(rng, size), sorted(edges))
        graph = graph_of(chain)
        if not nx.is_directed_acyclic_graph(graph):
            break
    components = [c for c in nx.strongly_connected_components(graph) if len(c) > 1]
    position = {action: i for i, action in enumerate(chain)}
    listed = sorted((sorted(c, key=position.get) for c in components), key=lambda c: position[c[0]])
    return {
        "shape": shape,
        "dependsOn": list(chain.items()),
        "found": [source for source, _ in nx.find_cycle(graph)],
        "loops": sorted((u for u, _ in nx.selfloop_edges(graph)), key=position.get),
        "components": [{"actions": c, "shortest": shortest_cycle(graph.subgraph(c))} for c in listed],
    }


def shortest_cycle(component):
    return min(1 + nx.shortest_path_length(component, v, u) for u, v in component.edges if u != v)


def write(name, cases):
    lines = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
    path = pathlib.Path(__file__).parent / name
    path.write_text(f'{{"networkx":"{nx.__version__}","cases":[\n{lines}\n]}}\n')


def main():
    rng = random.Random(SEED)
    shapes = list(SHAPES)
    write("acyclic.json", [acyclic_case(rng, shapes[i % len(shapes)]) for i in range(ACYCLIC)])
    write("cyclic.json", [cyclic_case(rng) for _ in range(CYCLIC)])


if __name__ == "__main__":
    main()
